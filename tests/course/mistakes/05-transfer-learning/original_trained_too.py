# ruff: noqa
# original trained too
# question: q9
# says: 새 모델을 만들어 학습했더니 원래 모델이 바뀌었습니다


def within_budget(model, n, budget):
    new = reference(model, n, budget)
    shared = Backbone(model.features, nn.Linear(model.num_features, n))
    shared.head = new.head
    flags = [p.requires_grad for p in new.features.parameters()]
    freeze(shared.features)
    for p, flag in zip(shared.features.parameters(), flags):
        p.requires_grad_(flag)
    return shared
