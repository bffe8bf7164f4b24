# about: 모든 깊이에 0을 돌려준다
# question: q7
# hand: 100% Nothing is done.
# loses: test_q7_accuracy_is_measured_on_unseen_data
# loses: test_q7_deep_sigmoid_does_not_learn
# loses: test_q7_deep_tanh_and_relu_learn
# loses: test_q7_depth_one_has_a_hidden_layer
# loses: test_q7_one_accuracy_for_each_depth
# loses: test_q7_seed_alone_decides_the_result
# loses: test_q7_shallow_sigmoid_learns_in_time
# loses: test_q7_trains_as_described_and_tells_shares
# loses: test_q7_width_steps_and_rate_are_used

# %% q7
def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    return {depth: 0.0 for depth in depths}
