# ruff: noqa
# head replaced in place
# question: q2
# says: 받은 모델의 head에 바로 대입했거나, 겉만 복사(copy.copy)했습니다


def replace_head(model, n):
    model.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    return model
