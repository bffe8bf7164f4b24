# ruff: noqa
# conv kernel ignored
# question: q1
# says: 커널의 원소 수를 곱하지 않았습니다


def fans(shape):
    reference(shape)
    return shape[1], shape[0]
