# about: nn.Sequential을 층 단위로 돌며 계산하여 다른 모델에서는 동작하지 않는다
# question: q4
# hand: 45% The text says any nn.Module; only flat ones work, and buffers move.
# loses: test_q4_in_place_activation_does_not_matter
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_measures_and_leaves_no_trace
# loses: test_q4_works_for_any_form_of_mlp

# %% q4
def grad_norms(model, x, y):
    h, outputs, weights = x, [], []
    for layer in model:
        h = layer(h)
        if isinstance(layer, nn.Linear):
            outputs.append(h)
            weights.append(layer.weight)
    loss = torch.nn.functional.cross_entropy(h, y)
    grads = torch.autograd.grad(loss, outputs + weights)
    norms = torch.stack([g.norm() for g in grads])
    return {"delta": norms[: len(weights)], "weight": norms[len(weights) :]}
