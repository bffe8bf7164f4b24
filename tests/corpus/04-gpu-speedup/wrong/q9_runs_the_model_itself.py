# about: 받은 모델에 입력을 흘려 보내 BatchNorm의 통계가 바뀐다
# question: q9
# hand: 25% The text forbids to change the buffers; the values are right.
# loses: test_q9_models_of_every_kind
# loses: test_q9_the_model_is_left_as_it_was

# %% q9
def model_flops(model, input_shape):
    x, found = torch.zeros(2, *input_shape, dtype=next(model.parameters()).dtype, device=next(model.parameters()).device), []
    for layer in model.modules():
        if not isinstance(layer, nn.Sequential):
            x = layer(x)
            if hasattr(layer, "weight") and not isinstance(layer, nn.BatchNorm2d):
                found.append(2 * x[0].numel() * layer.weight[0].numel())
    return found
