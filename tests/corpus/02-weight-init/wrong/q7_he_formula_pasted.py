# about: 재지 않고 He의 표준편차로 맞춘다
# question: q7
# hand: 90% nothing is measured, the data and the limits have no effect
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times
# loses: test_q7_does_not_change_its_inputs

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    return [W * math.sqrt(2 / W.shape[1]) / W.std() for W in Ws]
