# ruff: noqa
# logits for features
# question: q4
# says: 헤드까지 지난 로짓을 돌려주었습니다


def extract_features(backbone, X, bs):
    backbone.eval()
    with torch.no_grad():
        return torch.cat([backbone(rows) for rows in X.split(bs)])
