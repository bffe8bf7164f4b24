# about: 단계마다 빈 state를 넘긴다
# question: q6
# hand: 50% right for optimizers without memory only
# loses: test_q6_starts_at_ones_and_hands_on_state_and_rates
# loses: test_q6_condition_number_and_its_root

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p = torch.ones(2, dtype=torch.float64)
    for k in range(max_steps + 1):
        if (0.5 * h * p * p).sum() <= tol:
            return k
        if k < max_steps:
            p, _ = opt(p, h * p, {}, **hp)
    return math.inf
