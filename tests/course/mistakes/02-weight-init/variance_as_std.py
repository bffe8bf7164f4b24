# ruff: noqa
# variance as std
# question: q2
# says: 제곱근을 취하세요


def xavier_(w, gain, gen):
    return w.data.normal_(0, gain * 2 / sum(fans(w.shape)), generator=gen)
