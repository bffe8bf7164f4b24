# ruff: noqa
# statistics of released blocks move
# question: q9
# says: 파라미터를 푼 블록이 훈련 모드로 계산했습니다


def within_budget(model, n, budget):
    new = reference(model, n, budget)
    new.features.__dict__.pop("train", None)
    return new
