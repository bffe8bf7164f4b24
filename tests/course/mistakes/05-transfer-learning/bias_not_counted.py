# ruff: noqa
# bias not counted
# question: q9
# says: 헤드의 편향을 세지 않았을 수 있습니다


def within_budget(model, n, budget):
    return reference(model, n, budget + n)
