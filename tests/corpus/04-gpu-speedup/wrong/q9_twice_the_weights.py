# about: 가중치의 수에 2를 곱하는 공식을 옮겨 쓴다
# question: q9
# hand: 60% Every convolution and every sequence is wrong; plain linear layers and state are right.
# loses: test_q9_models_of_every_kind
# loses: test_q9_a_convolutional_net
# loses: test_q9_groups_see_a_part_of_the_channels
# loses: test_q9_height_and_width_may_differ
# loses: test_q9_a_linear_layer_at_every_position

# %% q9
def model_flops(model, input_shape):
    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Linear, nn.Conv2d))]
    return [2 * layer.weight.numel() for layer in layers]
