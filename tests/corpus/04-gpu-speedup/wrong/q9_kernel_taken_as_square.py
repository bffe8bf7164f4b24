# about: 커널의 세로만 읽어 제곱한다
# question: q9
# hand: 20% Wrong for kernels that are not square, which the text names.
# loses: test_q9_models_of_every_kind
# loses: test_q9_height_and_width_may_differ

# %% q9
def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        before, x = x, layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(2 * x.numel() * (layer.weight.shape[1] * layer.kernel_size[0] ** 2 if isinstance(layer, nn.Conv2d) else layer.in_features))
    return found
