# about: 모델을 eval로 바꾸어 놓는다
# question: q9
# hand: 25% The text forbids to change the mode; the values are right.
# loses: test_q9_models_of_every_kind
# loses: test_q9_the_model_is_left_as_it_was

# %% q9
def model_flops(model, input_shape):
    model.eval()
    x, found = torch.zeros(1, *input_shape, dtype=next(model.parameters()).dtype, device=next(model.parameters()).device), []
    for layer in model.modules():
        if not isinstance(layer, nn.Sequential):
            x = layer(x)
            if isinstance(layer, (nn.Linear, nn.Conv2d)):
                found.append(2 * x.numel() * layer.weight[0].numel())
    return found
