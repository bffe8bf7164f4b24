# about: Linear의 입력에 자리가 여럿이어도 한 번만 센다
# question: q9
# hand: 20% One of the three stated kinds of input is wrong.
# loses: test_q9_models_of_every_kind
# loses: test_q9_a_linear_layer_at_every_position

# %% q9
def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        before, x = x, layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(2 * layer.weight.numel() * (x[0, 0].numel() if isinstance(layer, nn.Conv2d) else 1))
    return found
