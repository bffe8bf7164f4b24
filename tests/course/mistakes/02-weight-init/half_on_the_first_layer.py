# ruff: noqa
# half on the first layer
# question: q6
# says: 0번 층에 이미


def predict_std(act, L, scheme):
    return reference(act, L, scheme) * (math.sqrt(0.5) if act == "relu" else 1)
