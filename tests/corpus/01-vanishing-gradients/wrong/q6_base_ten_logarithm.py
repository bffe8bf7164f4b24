# about: 상용로그로 기울기를 구하고 exp를 적용한다
# question: q6
# hand: 60% Every value is wrong, as the two logarithms do not fit; line, sign and filter are right.
# loses: test_q6_factor_of_measured_norms
# loses: test_q6_geometric_norms_give_their_factor

# %% q6
def decay_factor(norms):
    keep = torch.isfinite(norms) & (norms > 0)
    if keep.sum() < 2:
        return float("nan")
    layer = np.arange(len(norms))[keep.numpy()]
    slope, _ = np.polyfit(layer, np.log10(norms[keep].numpy()), 1)
    return float(np.exp(-slope))
