# ruff: noqa
# bound as std
# question: q2
# says: 균등분포의 경계를 표준편차로


def xavier_(w, gain, gen):
    return w.data.normal_(0, gain * math.sqrt(6 / sum(fans(w.shape))), generator=gen)
