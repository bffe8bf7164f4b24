# about: 훅을 지우지 않는다
# question: q4
# hand: 35% The text names hooks and buffers, and both are changed.
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_leaves_the_model_unchanged
# loses: test_q4_measures_and_leaves_no_trace

# %% q4
def grad_norms(model, x, y):
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    outputs = []

    def keep(module, inputs, output):
        outputs.append(output)
        return output.clone()

    for m in linears:
        m.register_forward_hook(keep)
    loss = torch.nn.functional.cross_entropy(model(x), y)
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears])
    norms = torch.stack([g.norm() for g in grads])
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
