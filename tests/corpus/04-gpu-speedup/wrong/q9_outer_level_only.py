# about: 안쪽의 Sequential에 든 층을 세지 않는다
# question: q9
# hand: 25% Nested models, which the text names, lose layers.
# loses: test_q9_models_of_every_kind
# loses: test_q9_a_net_within_a_net

# %% q9
def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net:
        x = layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(2 * x.numel() * layer.weight[0].numel())
    return found
