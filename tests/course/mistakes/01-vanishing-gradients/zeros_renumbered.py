# ruff: noqa
# zeros renumbered
# question: q6
# says: 번호를 다시


def decay_factor(norms):
    return reference(norms[norms > 0])
