# about: backward()만 부르고 .grad를 비우거나 되돌리지 않는다
# question: q4
# hand: 40% The text protects .grad, which is changed and also spoils the weights' norms; buffers move too.
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_leaves_the_gradients_as_they_were
# loses: test_q4_measures_and_leaves_no_trace

# %% q4
def grad_norms(model, x, y):
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    outputs = []

    def keep(module, inputs, output):
        output.retain_grad()
        outputs.append(output)
        return output.clone()

    handles = [m.register_forward_hook(keep) for m in linears]
    loss = torch.nn.functional.cross_entropy(model(x), y)
    for handle in handles:
        handle.remove()
    loss.backward()
    return {
        "delta": torch.stack([o.grad.norm() for o in outputs]),
        "weight": torch.stack([m.weight.grad.norm() for m in linears]),
    }
