# ruff: noqa
# synchronizes after only
# question: q5
# says: 준비 호출 뒤에 sync 없이


def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    def both():
        fn()
        if sync:
            sync()

    for _ in range(warmup):
        fn()
    return reference(both, 0, repeats, None, timer)
