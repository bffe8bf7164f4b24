# about: 프로베니우스 노름 대신 스펙트럼 노름을 쓴다
# question: q4
# hand: 60% The text names the Frobenius norm, and every number is another one.
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
    loss = torch.nn.functional.cross_entropy(model(x), y)
    for handle in handles:
        handle.remove()
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears])
    norms = torch.stack([torch.linalg.matrix_norm(g, 2) for g in grads])
    return {"delta": norms[: len(linears)], "weight": norms[len(linears) :]}
