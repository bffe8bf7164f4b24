# about: model.eval()을 부르고 되돌리지 않는다
# question: q4
# hand: 30% The state that the text protects is changed, and a network in training mode is measured in the other one.
# loses: test_q4_leaves_the_model_unchanged
# loses: test_q4_measures_and_leaves_no_trace

# %% q4
def grad_norms(model, x, y):
    model.eval()
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
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
