# about: 항목이 둘보다 적으면 nan 대신 1을 돌려준다
# question: q6
# hand: 20% The edge that the text names gives another value.
# loses: test_q6_fewer_than_two_entries_give_nan

# %% q6
def decay_factor(norms):
    keep = torch.isfinite(norms) & (norms > 0)
    if keep.sum() < 2:
        return 1.0
    layer = np.arange(len(norms))[keep.numpy()]
    slope, _ = np.polyfit(layer, np.log(norms[keep].numpy()), 1)
    return float(np.exp(-slope))
