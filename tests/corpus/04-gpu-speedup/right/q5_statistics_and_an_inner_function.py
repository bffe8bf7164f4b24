# about: statistics 모듈과 안쪽 함수를 쓴다
# question: q5

# %% q5
import statistics


def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    def measured():
        if sync is not None:
            sync()
        before = timer()
        fn()
        if sync is not None:
            sync()
        return timer() - before

    [fn() for _ in range(warmup)]
    times = [measured() for _ in range(repeats)]
    names = {"median": statistics.median, "mean": statistics.fmean, "min": min, "max": max}
    return {**{name: function(times) for name, function in names.items()}, "times": times}
