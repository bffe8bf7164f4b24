# ruff: noqa
# groups ignored
# question: q9
# says: groups를 쓰지 않았습니다


def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        before, x = x, layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(
                2
                * x.numel()
                * (
                    before.shape[1] * math.prod(layer.kernel_size)
                    if isinstance(layer, nn.Conv2d)
                    else layer.in_features
                )
            )
    return found
