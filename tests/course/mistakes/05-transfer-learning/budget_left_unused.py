# ruff: noqa
# budget left unused
# question: q9
# says: 남은 예산에 들어가는 파라미터 텐서를 풀지 않았습니다


def within_budget(model, n, budget):
    return reference(model, n, min(budget, n * model.num_features + n))
