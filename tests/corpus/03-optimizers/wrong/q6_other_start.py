# about: (1, 1)이 아니라 (kappa, 1)에서 출발한다
# question: q6
# hand: 55% the start stated in bold is another, so ordinary counts are wrong
# loses: test_q6_starts_at_ones_and_hands_on_state_and_rates
# loses: test_q6_condition_number_and_its_root

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.tensor([kappa, 1.0], dtype=torch.float64), {}
    for k in range(max_steps + 1):
        if (0.5 * h * p * p).sum() <= tol:
            return k
        if k < max_steps:
            p, state = opt(p, h * p, state, **hp)
    return math.inf
