# ruff: noqa
# only the first depth is run alone
# question: q8
# says: 맨 앞에 놓인 깊이만


def audit(sweep, depths, seed, data):
    return {**reference(sweep, depths, seed, data), "order": False}
