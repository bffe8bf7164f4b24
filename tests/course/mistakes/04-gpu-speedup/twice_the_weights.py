# ruff: noqa
# twice the weights
# question: q9
# says: 합성곱은 같은 가중치를 자리마다


def model_flops(model, input_shape):
    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Linear, nn.Conv2d))]
    return [2 * layer.weight.numel() for layer in layers]
