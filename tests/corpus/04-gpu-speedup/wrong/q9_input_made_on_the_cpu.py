# about: CPU에 만든 입력을 흘려 보내, 값이 없는 모델에서 오류가 난다
# question: q9
# hand: 20% Models without values, which the text names, raise an error.
# loses: test_q9_models_of_every_kind
# loses: test_q9_a_model_without_values

# %% q9
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
