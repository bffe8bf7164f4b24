# about: 텐서가 아니라 파이썬 리스트를 돌려준다
# question: q4
# hand: 15% The numbers are right; the shape (L,) means a tensor.
# loses: test_q4_returns_one_vector_of_norms_for_each_key

# %% q4
import copy


def grad_norms(model, x, y):
    model = copy.deepcopy(model)
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
    norms = [g.norm().item() for g in grads]
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
