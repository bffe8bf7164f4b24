# about: 역전파에서 불린 순서대로(뒤에서부터) 델타를 담는다
# question: q4
# hand: 35% One of the two results stands in the wrong order.
# loses: test_q4_delta_norms_match
# loses: test_q4_measures_and_leaves_no_trace

# %% q4
import copy


def grad_norms(model, x, y):
    model = copy.deepcopy(model)
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    deltas = []

    def watch(module, inputs, output):
        output.register_hook(lambda g: deltas.append(g.norm()))

    for m in linears:
        m.register_forward_hook(watch)
    loss = torch.nn.functional.cross_entropy(model(x), y)
    grads = torch.autograd.grad(loss, [m.weight for m in linears])
    return {"delta": torch.stack(deltas), "weight": torch.stack([g.norm() for g in grads])}
