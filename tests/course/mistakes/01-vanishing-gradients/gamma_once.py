# ruff: noqa
# gamma once
# question: q5
# says: 한 번만 곱했습니다


def jacobian_bound(Ws, act):
    return reference(Ws, "tanh") * (0.25 if act == "sigmoid" and Ws else 1.0)
