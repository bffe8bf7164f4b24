# about: 부호를 빠뜨려 exp(slope)를 돌려준다
# question: q6
# hand: 60% Every value is the inverse of the right one, which the text warns of.
# loses: test_q6_factor_of_measured_norms
# loses: test_q6_geometric_norms_give_their_factor

# %% q6
def decay_factor(norms):
    keep = torch.isfinite(norms) & (norms > 0)
    if keep.sum() < 2:
        return float("nan")
    layer = np.arange(len(norms))[keep.numpy()]
    slope, _ = np.polyfit(layer, np.log(norms[keep].numpy()), 1)
    return float(np.exp(slope))
