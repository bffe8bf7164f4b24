# ruff: noqa
# only eval
# question: q1
# says: eval()은 파라미터를 멈추지 않습니다


def freeze(module):
    return module.eval()
