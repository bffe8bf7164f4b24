# ruff: noqa
# one step too many
# question: q6
# says: 한 단계 더 세었거나


def steps_to_tol(*a, **k):
    return reference(*a, **k) + 1
