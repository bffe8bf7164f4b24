# about: max_steps번째 단계를 움직인 뒤의 값을 보지 않는다
# question: q6
# hand: 20% one edge that the text names is wrong
# loses: test_q6_never_arriving_gives_infinity

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    for k in range(max_steps):
        if (0.5 * h * p * p).sum() <= tol:
            return k
        p, state = opt(p, h * p, state, **hp)
    return math.inf
