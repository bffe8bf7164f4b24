# about: 크기순으로 줄 세우지 않고 가운데를 고른다
# question: q5
# hand: 25% One of the five keys, the one with a formula, is wrong for ordinary times.
# loses: test_q5_summary_of_the_times

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync or (lambda: None)
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        wait()
        start = timer()
        fn()
        wait()
        times.append(timer() - start)
    return {
        "median": float(times[len(times) // 2]),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
