# about: 묶음(groups)을 쓰지 않고 출력 채널이 입력 채널을 모두 본다고 센다
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
            found.append(2 * x.numel() * (before.shape[1] * math.prod(layer.kernel_size) if isinstance(layer, nn.Conv2d) else layer.in_features))
    return found
