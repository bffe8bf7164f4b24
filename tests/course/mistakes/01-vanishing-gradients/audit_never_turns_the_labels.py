# ruff: noqa
# the labels are never turned
# question: q8
# says: 정답을 바꾸어 부르지 않았거나


def audit(sweep, depths, seed, data):
    return {**reference(sweep, depths, seed, data), "test": False}
