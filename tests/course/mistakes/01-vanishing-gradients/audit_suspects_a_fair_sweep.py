# ruff: noqa
# any change of the labels is suspected
# question: q8
# says: 공정한 비교인데


def audit(sweep, depths, seed, data):
    x, y, a, b = data
    return {"repeat": False, "order": False, "test": sweep(depths, seed, data) != sweep(depths, seed, (x, y, a, 1 - b))}
