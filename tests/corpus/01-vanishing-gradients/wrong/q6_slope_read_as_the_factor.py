# about: 로그의 경사를 그대로 배율로 읽는다
# question: q6
# hand: 65% The last step from the slope to the factor is missing, so that every value is wrong.
# loses: test_q6_factor_of_measured_norms
# loses: test_q6_geometric_norms_give_their_factor
# loses: test_q6_noisy_norms_give_the_least_squares_slope

# %% q6
def decay_factor(norms):
    g = norms.double().numpy()
    kept = np.flatnonzero(np.isfinite(g) & (g > 0))
    if len(kept) < 2:
        return float("nan")
    return float(np.polyfit(kept, np.log(g[kept]), 1)[0])
