# about: 로그를 취하지 않고 노름에 직선을 맞춘다
# question: q6
# hand: 75% The line is fitted to another quantity, so that every value is wrong.
# loses: test_q6_factor_does_not_depend_on_the_scale
# loses: test_q6_factor_of_measured_norms
# loses: test_q6_geometric_norms_give_their_factor
# loses: test_q6_noisy_norms_give_the_least_squares_slope
# loses: test_q6_zero_and_non_finite_entries_are_left_out

# %% q6
def decay_factor(norms):
    keep = torch.isfinite(norms) & (norms > 0)
    if keep.sum() < 2:
        return float("nan")
    layer = np.arange(len(norms))[keep.numpy()]
    slope, _ = np.polyfit(layer, norms[keep].numpy(), 1)
    return float(np.exp(-slope))
