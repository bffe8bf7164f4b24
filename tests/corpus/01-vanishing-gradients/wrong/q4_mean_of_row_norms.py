# about: 델타의 노름을 데이터마다 구해 평균을 낸다
# question: q4
# hand: 35% One of the two results is another norm than the one the text describes.
# loses: test_q4_delta_norms_match
# loses: test_q4_measures_and_leaves_no_trace

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
    grads = torch.autograd.grad(loss, outputs + [m.weight for m in linears])
    return {
        "delta": torch.stack([g.norm(dim=1).mean() for g in grads[:n]]),
        "weight": torch.stack([g.norm() for g in grads[n:]]),
    }
