# about: norms.log_()로 받은 노름을 바꾸어 놓는다
# question: q6
# hand: 15% What is returned is right; an argument is changed without leave.
# loses: test_q6_factor_does_not_depend_on_the_scale

# %% q6
def decay_factor(norms):
    keep = torch.isfinite(norms) & (norms > 0)
    if keep.sum() < 2:
        return float("nan")
    layer = np.arange(len(norms))[keep.numpy()]
    slope, _ = np.polyfit(layer, norms.log_()[keep].numpy(), 1)
    return float(np.exp(-slope))
