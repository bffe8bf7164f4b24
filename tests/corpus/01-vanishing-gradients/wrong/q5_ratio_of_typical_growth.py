# about: 가장 많이 늘어나는 방향이 아니라 보통의 방향의 배율(원소의 제곱 평균)을 쓴다
# question: q5
# hand: 65% It is no bound at all; slope and product are right.
# loses: test_q5_bound_of_a_whole_network
# loses: test_q5_no_gradient_exceeds_the_bound
# loses: test_q5_one_layer_gives_the_spectral_norm

# %% q5
def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * (W.norm() / math.sqrt(min(W.shape))).item() for W in Ws)
