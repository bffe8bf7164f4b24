# about: 모르는 mode를 else로 받아들인다
# question: q3
# hand: 20% the ValueError that the text asks for is not raised
# loses: test_q3_unknown_mode_raises_value_error

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(2 / (n * (1 + slope**2))), generator=gen)
