# ruff: noqa
# root two missing
# question: q3
# says: √2가 빠졌습니다


def kaiming_(w, mode, gen, slope=0.0):
    return reference(w, mode, gen) / math.sqrt(2)
