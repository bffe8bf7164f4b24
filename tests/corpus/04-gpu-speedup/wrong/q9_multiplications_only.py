# about: 곱셈만 세어 연산량이 절반이다
# question: q9
# hand: 45% Every value is wrong by a factor; shapes, layers and state are handled rightly.
# loses: test_q9_models_of_every_kind
# loses: test_q9_linear_layers
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
            found.append(x.numel() * layer.weight[0].numel())
    return found
