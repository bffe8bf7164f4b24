# about: 0.1.0의 문제 7(서로 다른 행의 수)의 답을 낸다
# question: q7
# hand: 100% an answer to another question
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated
# loses: test_q7_tolerance_decides_when_to_stop
# loses: test_q7_no_layer_is_divided_more_than_max_steps_times
# loses: test_q7_does_not_change_its_inputs

# %% q7
def symmetry_rank(W, tol=1e-6):
    kinds = []
    for row in W:
        if not any((row - other).abs().max() <= tol for other in kinds):
            kinds.append(row)
    return len(kinds)
