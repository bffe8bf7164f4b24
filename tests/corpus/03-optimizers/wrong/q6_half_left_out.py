# about: f에서 1/2을 빠뜨린다
# question: q6
# hand: 45% the value is twice too large, so ordinary counts are a little wrong
# loses: test_q6_counts_steps_until_the_value_is_small
# loses: test_q6_condition_number_and_its_root

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    for k in range(max_steps + 1):
        if (h * p * p).sum() <= tol:
            return k
        if k < max_steps:
            p, state = opt(p, h * p, state, **hp)
    return math.inf
