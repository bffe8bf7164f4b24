# ruff: noqa
# gradients accumulate
# question: q4
# says: .grad에 기울기를 쌓습니다


def grad_norms(model, x, y):
    keep = []
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    hooks = [m.register_forward_hook(lambda m, i, o: (o.retain_grad(), keep.append(o))[0]) for m in linears]
    nn.functional.cross_entropy(model(x), y).backward()
    [h.remove() for h in hooks]
    return {
        "delta": torch.stack([o.grad.norm() for o in keep]),
        "weight": torch.stack([m.weight.grad.norm() for m in linears]),
    }
