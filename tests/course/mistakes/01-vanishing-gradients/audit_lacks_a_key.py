# ruff: noqa
# a key is missing
# question: q8
# says: 딕셔너리여야


def audit(sweep, depths, seed, data):
    return {"order": False, "test": False}
