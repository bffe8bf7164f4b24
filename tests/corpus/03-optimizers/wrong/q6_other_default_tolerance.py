# about: tol의 기본값이 1e-6이고 max_steps의 기본값이 1000이다
# question: q6
# hand: 20% two documented defaults are others
# loses: test_q6_default_tolerance_and_limit

# %% q6
def steps_to_tol(opt, kappa, tol=1e-6, max_steps=1000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    for k in range(max_steps + 1):
        if (0.5 * h * p * p).sum() <= tol:
            return k
        if k < max_steps:
            p, state = opt(p, h * p, state, **hp)
    return math.inf
