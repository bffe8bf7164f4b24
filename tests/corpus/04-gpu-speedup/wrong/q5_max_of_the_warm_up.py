# about: min과 max를 바꾸어 넣는다
# question: q5
# hand: 20% Two of the five keys are exchanged; the measurement is right.
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
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": max(times),
        "max": min(times),
        "times": times,
    }
