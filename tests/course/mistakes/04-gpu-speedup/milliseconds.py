# ruff: noqa
# milliseconds
# question: q5
# says: 밀리초


def benchmark(*args, **options):
    found = reference(*args, **options)
    return {**found, "times": [1000 * t for t in found["times"]]}
