# ruff: noqa
# input made on the cpu
# question: q9
# says: 값이 없는 모델


def model_flops(model, input_shape):
    found = []

    def note(layer, inputs, output):
        products = layer.in_features
        found.append(2 * output.numel() * products)

    def note_convolution(layer, inputs, output):
        products = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
        found.append(2 * output.numel() * products)

    net = copy.deepcopy(model).double().eval()
    for layer in net.modules():
        if isinstance(layer, nn.Linear):
            layer.register_forward_hook(note)
        elif isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(note_convolution)
    with torch.no_grad():
        net(torch.zeros(1, *input_shape, dtype=torch.float64))
    return found
