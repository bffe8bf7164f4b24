# about: 가중치를 보지 않고 0.25의 L제곱을 돌려준다
# question: q5
# hand: 85% The weights are ignored; only the slope is right.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_layers_multiply
# loses: test_q5_many_layers_keep_their_precision
# loses: test_q5_no_gradient_exceeds_the_bound
# loses: test_q5_no_layers_give_one
# loses: test_q5_one_layer_gives_the_spectral_norm

# %% q5
def jacobian_bound(Ws, act):
    return 0.25 ** len(Ws) if act == "sigmoid" else 1.0
