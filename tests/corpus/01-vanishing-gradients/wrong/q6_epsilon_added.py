# about: 로그가 무한대가 되지 않도록 1e-12를 더한다
# question: q6
# hand: 40% Zeros are kept against the text, infinities renumber the rest, and small norms are spoilt.
# loses: test_q6_zero_and_non_finite_entries_are_left_out
# loses: test_q6_fewer_than_two_entries_give_nan
# loses: test_q6_factor_does_not_depend_on_the_scale

# %% q6
def decay_factor(norms):
    norms = norms[torch.isfinite(norms)]
    if len(norms) < 2:
        return float("nan")
    slope, _ = np.polyfit(np.arange(len(norms)), np.log(norms.numpy() + 1e-12), 1)
    return float(np.exp(-slope))
