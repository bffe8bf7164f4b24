# about: weight의 모양에 이미 든 groups로 한 번 더 나눈다
# question: q9
# hand: 20% Wrong for grouped convolutions only.
# loses: test_q9_models_of_every_kind
# loses: test_q9_groups_see_a_part_of_the_channels

# %% q9
def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        before, x = x, layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(2 * x.numel() * layer.weight[0].numel() // getattr(layer, "groups", 1))
    return found
