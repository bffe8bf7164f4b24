# about: 교차 엔트로피에 넣기 전에 소프트맥스를 한 번 더 적용한다
# question: q4
# hand: 60% Every number is wrong; hooks, order and state are right.
# loses: test_q4_delta_norms_match
# loses: test_q4_measures_and_leaves_no_trace
# loses: test_q4_weight_norms_match

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
    loss = torch.nn.functional.cross_entropy(torch.softmax(model(x), dim=1), y)
    for handle in handles:
        handle.remove()
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears])
    norms = torch.stack([g.norm() for g in grads])
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
