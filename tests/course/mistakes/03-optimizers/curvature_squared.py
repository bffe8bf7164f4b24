# ruff: noqa
# curvature squared
# question: q6
# says: kappa를 제곱했습니다


def steps_to_tol(opt, kappa, *a, **k):
    return reference(lambda p, g, state, **hp: opt(p, g * p.new_tensor([1.0, kappa]), state, **hp), kappa, *a, **k)
