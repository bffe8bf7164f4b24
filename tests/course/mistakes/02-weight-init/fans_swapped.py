# ruff: noqa
# fans swapped
# question: q1
# says: 두 수의 순서가 바뀌었습니다


def fans(shape):
    return reference(shape)[::-1]
