# about: 층의 출력이 아니라 입력에 대한 기울기를 구한다
# question: q4
# hand: 45% One of the two results is another quantity.
# loses: test_q4_delta_norms_match
# loses: test_q4_measures_and_leaves_no_trace

# %% q4
import copy


def grad_norms(model, x, y):
    model = copy.deepcopy(model)
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    inputs = []
    handles = [m.register_forward_hook(lambda m, i, o: inputs.append(i[0])) for m in linears]
    leaf = x.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(model(leaf), y)
    for handle in handles:
        handle.remove()
    grads = torch.autograd.grad(loss, inputs + [m.weight for m in linears])
    norms = torch.stack([g.norm() for g in grads])
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
