# ruff: noqa
# z is changed
# question: q1
# says: 입력 z의 값이 바뀌었습니다


def act_and_grad(n, z):
    out = reference(n, z)
    if n == "relu":
        z.clamp_(min=9)
    return out
