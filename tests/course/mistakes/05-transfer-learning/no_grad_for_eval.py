# ruff: noqa
# no grad for eval
# question: q4
# says: no_grad는 모드를 바꾸지 않습니다


def extract_features(backbone, X, bs):
    with torch.no_grad():
        return torch.cat([backbone.features(rows) for rows in X.split(bs)])
