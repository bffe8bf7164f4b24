# ruff: noqa
# nothing is run twice
# question: q8
# says: 되풀이되지 않는 비교인데


def audit(sweep, depths, seed, data):
    return {**reference(sweep, depths, seed, data), "repeat": False}
