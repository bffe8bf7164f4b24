# ruff: noqa
# norm of the weight
# question: q4
# says: 가중치 자체의 노름


def grad_norms(model, x, y):
    w = torch.stack([m.weight.detach().norm() for m in model.modules() if isinstance(m, nn.Linear)])
    return dict(reference(model, x, y), weight=w)
