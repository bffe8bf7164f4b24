# about: Xavier의 gain으로 바꾸어 계산한다
# question: q3

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    match mode:
        case "fan_in":
            n = n_in
        case "fan_out":
            n = n_out
        case _:
            raise ValueError(mode)
    return xavier_(w, math.sqrt((n_in + n_out) / n / (1 + slope * slope)), gen)
