# about: 출력의 크기를 식으로 구해, 신경망을 실행하지 않는다
# question: q9

# %% q9
def _pair(value):
    return value if isinstance(value, tuple) else (value, value)


def _size(n, kernel, stride, padding, dilation=1):
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def _walk(layers, shape, found):
    for layer in layers:
        if isinstance(layer, nn.Sequential):
            shape = _walk(layer, shape, found)
        elif isinstance(layer, nn.Linear):
            shape = (*shape[:-1], layer.out_features)
            found.append(float(2 * math.prod(shape) * layer.in_features))
        elif isinstance(layer, nn.Conv2d):
            window = zip(shape[1:], layer.kernel_size, layer.stride, layer.padding, layer.dilation)
            shape = (layer.out_channels, *(_size(*entry) for entry in window))
            each = layer.in_channels / layer.groups * math.prod(layer.kernel_size)
            found.append(2.0 * math.prod(shape) * each)
        elif isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
            window = zip(shape[1:], _pair(layer.kernel_size), _pair(layer.stride), _pair(layer.padding))
            shape = (shape[0], *(_size(*entry) for entry in window))
        elif isinstance(layer, nn.Flatten):
            shape = (math.prod(shape),)
    return shape


def model_flops(model, input_shape):
    found = []
    _walk(model, tuple(input_shape), found)
    return tuple(found)
