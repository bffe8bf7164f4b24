# about: 기울기가 아니라 가중치 자체의 노름을 구한다
# question: q4
# hand: 45% One of the two results is no gradient at all.
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
    grads = torch.autograd.grad(loss, outputs)
    return {
        "delta": torch.stack([g.norm() for g in grads]),
        "weight": torch.stack([m.weight.detach().norm() for m in linears]),
    }
