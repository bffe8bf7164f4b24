# about: 음수 쪽의 몫을 a²이 아니라 |a|로 본다 (공개 점검의 1과 -1에서는 같다)
# question: q3
# hand: 30% the share is right for slopes 0, 1 and -1 only, the way to it is nearly right
# loses: test_q3_slope_asks_for_a_smaller_variance
# loses: test_q3_convolution_counts_the_kernel

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / ((1 + abs(slope)) * n)), generator=gen)
