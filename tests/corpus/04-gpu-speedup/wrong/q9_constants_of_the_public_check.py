# about: 공개 점검의 값을 적어 두었다
# question: q9
# hand: 95% Numbers written in; nothing is computed.
# loses: test_q9_models_of_every_kind
# loses: test_q9_linear_layers
# loses: test_q9_a_convolutional_net
# loses: test_q9_groups_see_a_part_of_the_channels
# loses: test_q9_height_and_width_may_differ
# loses: test_q9_a_linear_layer_at_every_position
# loses: test_q9_a_net_within_a_net
# loses: test_q9_a_model_without_values
# loses: test_q9_the_model_is_left_as_it_was

# %% q9
def model_flops(model, input_shape):
    convolutions = [layer for layer in model if isinstance(layer, nn.Conv2d)]
    if len(model) == 5:
        return [288, 48]
    if len(model) == 4:
        return [324, 144]
    return [27648 // convolutions[0].stride[0] ** 2 // convolutions[0].groups]
