# about: 편향을 더하는 연산까지 센다
# question: q9
# hand: 35% The text says to count the bias as nothing; every usual layer is wrong by a little.
# loses: test_q9_models_of_every_kind
# loses: test_q9_a_convolutional_net

# %% q9
def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        before, x = x, layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(2 * x.numel() * layer.weight[0].numel() + (x.numel() if layer.bias is not None else 0))
    return found
