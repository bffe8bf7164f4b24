# ruff: noqa
# one step too many
# question: q6
# says: 한 걸음 더 세었거나


def steps_to_tol(*a, **k):
    return reference(*a, **k) + 1
