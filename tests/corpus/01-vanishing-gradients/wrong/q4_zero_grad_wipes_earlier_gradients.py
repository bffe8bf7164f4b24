# about: zero_grad()로 있던 기울기를 지운다
# question: q4
# hand: 35% The text protects .grad in so many words; buffers move too.
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
    model.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    result = {
        "delta": torch.stack([o.grad.norm() for o in outputs]),
        "weight": torch.stack([m.weight.grad.norm() for m in linears]),
    }
    for handle in handles:
        handle.remove()
    model.zero_grad()
    return result
