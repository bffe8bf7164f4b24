# about: 기울기를 미분하면서 kappa를 제곱한다
# question: q6
# hand: 60% the gradient is wrong, so ordinary counts are
# loses: test_q6_gradient_of_the_quadratic
# loses: test_q6_gradient_descent_diverges_beyond_two_over_l
# loses: test_q6_condition_number_and_its_root

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    for k in range(max_steps + 1):
        if (0.5 * h * p * p).sum() <= tol:
            return k
        if k < max_steps:
            p, state = opt(p, h * h * p, state, **hp)
    return math.inf
