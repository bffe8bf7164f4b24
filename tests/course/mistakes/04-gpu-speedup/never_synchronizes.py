# ruff: noqa
# never synchronizes
# question: q5
# says: sync를 부르지 않았습니다


def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    return reference(fn, warmup, repeats, None, timer)
