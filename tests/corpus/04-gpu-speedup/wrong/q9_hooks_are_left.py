# about: 후크를 걸어 세고 나서 지우지 않는다
# question: q9
# hand: 25% The text forbids to leave hooks; the values are right.
# loses: test_q9_models_of_every_kind
# loses: test_q9_the_model_is_left_as_it_was

# %% q9
def model_flops(model, input_shape):
    found = []

    def note(layer, inputs, output):
        found.append(2 * output.numel() * layer.weight[0].numel())

    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            layer.register_forward_hook(note)
    training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, *input_shape, dtype=next(model.parameters()).dtype, device=next(model.parameters()).device))
    model.train(training)
    return found[:]
