# ruff: noqa
# percent
# question: q7
# says: 백분율


def depth_sweep(*a, **k):
    return {d: 100 * v for d, v in reference(*a, **k).items()}
