# ruff: noqa
# slope ignored
# question: q3
# says: slope를 쓰지 않았습니다


def kaiming_(w, mode, gen, slope=0.0):
    return reference(w, mode, gen)
