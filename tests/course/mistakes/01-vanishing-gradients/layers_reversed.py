# ruff: noqa
# layers reversed
# question: q3
# says: 순서가 거꾸로


def backward(*args):
    return reference(*args)[::-1]
