# about: 활성화 함수의 γ를 곱하지 않는다
# question: q5
# hand: 40% One of the two contributions is missing, which shows for the sigmoid alone.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_each_layer_brings_the_largest_slope

# %% q5
def jacobian_bound(Ws, act):
    bound = 1.0
    for W in Ws:
        bound *= torch.linalg.svdvals(W)[0].item()
    return bound
