# about: 가중치와 편향의 기울기를 합쳐 노름을 구한다
# question: q4
# hand: 35% One of the two results is another quantity, close to the one asked.
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
    n = len(linears)
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears] + [m.bias for m in linears])
    return {
        "delta": torch.stack([g.norm() for g in grads[:n]]),
        "weight": torch.stack([torch.sqrt(w.norm() ** 2 + b.norm() ** 2) for w, b in zip(grads[n : 2 * n], grads[2 * n :])]),
    }
