# ruff: noqa
# last batch dropped
# question: q4
# says: 마지막의 작은 배치를 버렸거나


def extract_features(backbone, X, bs):
    whole = max(len(X) // bs, 1) * bs
    return reference(backbone, X[:whole], bs)
