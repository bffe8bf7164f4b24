# about: 한 단계 움직인 뒤에 f를 보아 출발점을 보지 않는다
# question: q6
# hand: 20% one edge that the text names, the start, is wrong
# loses: test_q6_counts_steps_until_the_value_is_small

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    for k in range(1, max_steps + 1):
        p, state = opt(p, h * p, state, **hp)
        if (0.5 * h * p * p).sum() <= tol:
            return k
    return math.inf
