# about: 닿지 못하면 max_steps를 돌려준다
# question: q6
# hand: 30% one of the two documented results, math.inf, never comes
# loses: test_q6_never_arriving_gives_infinity

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    k = 0
    while (0.5 * h * p * p).sum() > tol and k < max_steps:
        p, state = opt(p, h * p, state, **hp)
        k += 1
    return k
