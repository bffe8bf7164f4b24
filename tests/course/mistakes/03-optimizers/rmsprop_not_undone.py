# ruff: noqa
# RMSProp without undoing the correction
# question: q10
# says: 편향 보정을 되돌리지 않았습니다. 나누는 수가


def as_rmsprop(t, lr, alpha, eps):
    return {"lr": lr, "betas": (0.0, alpha), "eps": eps}
