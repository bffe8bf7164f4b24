# ruff: noqa
# runs the model itself
# question: q9
# says: train 모드인 BatchNorm


def model_flops(model, input_shape):
    x, found = (
        torch.zeros(2, *input_shape, dtype=next(model.parameters()).dtype, device=next(model.parameters()).device),
        [],
    )
    for layer in model.modules():
        if not isinstance(layer, nn.Sequential):
            x = layer(x)
            if hasattr(layer, "weight") and not isinstance(layer, nn.BatchNorm2d):
                found.append(2 * x[0].numel() * layer.weight[0].numel())
    return found
