# about: 붙잡아 둔 출력을 뒤의 제자리 연산이 바꾸는 것을 생각하지 않는다
# question: q4
# hand: 20% The edge that the second hint names is not met; ordinary networks are right.
# loses: test_q4_in_place_activation_does_not_matter

# %% q4
import copy


def grad_norms(model, x, y):
    model = copy.deepcopy(model)
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    outputs = []
    for m in linears:
        m.register_forward_hook(lambda m, i, o: outputs.append(o))
    loss = torch.nn.functional.cross_entropy(model(x), y)
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears])
    norms = torch.stack([g.norm() for g in grads])
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
