# about: 옵티마이저로 한 걸음 옮긴 뒤의 기울기를 잰다
# question: q4
# hand: 80% Every number is wrong, and the parameters, which must stay, are changed.
# loses: test_q4_delta_norms_match
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_leaves_the_model_unchanged
# loses: test_q4_measures_and_leaves_no_trace
# loses: test_q4_weight_norms_match

# %% q4
def grad_norms(model, x, y):
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    parameters = list(model.parameters())
    loss = torch.nn.functional.cross_entropy(model(x), y)
    grads = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for p, g in zip(parameters, grads):
            p -= 0.5 * g
    outputs = []

    def keep(module, inputs, output):
        outputs.append(output)
        return output.clone()

    handles = [m.register_forward_hook(keep) for m in linears]
    loss = torch.nn.functional.cross_entropy(model(x), y)
    for handle in handles:
        handle.remove()
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears])
    norms = torch.stack([g.norm() for g in grads])
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
