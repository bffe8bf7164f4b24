# about: model.train()을 불러 평가 모드의 드롭아웃까지 켠다
# question: q4
# hand: 40% Mode and buffers are changed, and a network in evaluation mode is measured in the other one.
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_leaves_the_model_unchanged
# loses: test_q4_measures_and_leaves_no_trace
# loses: test_q4_works_for_any_form_of_mlp

# %% q4
def grad_norms(model, x, y):
    model.train()
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
