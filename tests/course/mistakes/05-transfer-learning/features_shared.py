# ruff: noqa
# features shared
# question: q2
# says: 두 모델이 같은 텐서를 함께 씁니다


def replace_head(model, n):
    return Backbone(model.features, nn.Linear(model.num_features, n, dtype=model.head.weight.dtype))
