# about: 합성곱의 출력이 입력과 같은 크기라고 본다
# question: q9
# hand: 40% Most convolutions are wrong; linear layers and state are right.
# loses: test_q9_models_of_every_kind
# loses: test_q9_a_convolutional_net
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
            found.append(2 * layer.weight.numel() * (before[0, 0].numel() if isinstance(layer, nn.Conv2d) else x[..., 0].numel()))
    return found
