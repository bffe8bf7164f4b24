# ruff: noqa
# Frobenius norm
# question: q5
# says: 프로베니우스


def jacobian_bound(Ws, act):
    return math.prod([float(W.norm()) for W in Ws])
