# about: float32인 입력을 흘려 보내 float64인 모델에서 오류가 난다
# question: q9
# hand: 15% One of the two stated dtypes raises an error.
# loses: test_q9_the_model_is_left_as_it_was

# %% q9
def model_flops(model, input_shape):
    net = copy.deepcopy(model).eval()
    x, found = torch.zeros(1, *input_shape, device=next(net.parameters()).device), []
    for layer in net.modules():
        if not isinstance(layer, nn.Sequential):
            x = layer(x)
            if isinstance(layer, (nn.Linear, nn.Conv2d)):
                found.append(2 * x.numel() * layer.weight[0].numel())
    return found
