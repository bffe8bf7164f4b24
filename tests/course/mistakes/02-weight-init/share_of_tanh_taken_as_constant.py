# ruff: noqa
# share of tanh taken as constant
# question: q6
# says: 몫을 한 번만 구했거나


def predict_std(act, L, scheme):
    if act in ("linear", "relu"):
        return reference(act, L, scheme)
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    k = {"tanh": 9 / 25, "silu": 0.25}[act]
    return torch.tensor([math.sqrt(c * (c * k) ** l) for l in range(L)], dtype=torch.float64)
