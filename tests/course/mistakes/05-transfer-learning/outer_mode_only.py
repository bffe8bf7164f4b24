# ruff: noqa
# outer mode only
# question: q4
# says: 맨 바깥의 모드만 적어 두었다가


def extract_features(backbone, X, bs):
    was = backbone.training
    backbone.eval()
    found = reference(backbone, X, bs)
    backbone.train(was)
    return found
