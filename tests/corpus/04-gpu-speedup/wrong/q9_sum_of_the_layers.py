# about: 층마다가 아니라 합 하나를 돌려준다
# question: q9
# hand: 40% Each layer is computed rightly, and one sum is returned where a list is asked.
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
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        before, x = x, layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(2 * x.numel() * layer.weight[0].numel())
    return sum(found)
