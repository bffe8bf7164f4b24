# about: 시작 시각을 먼저 읽고 나서 기다린다
# question: q5
# hand: 25% One of the four rules is broken: earlier work is timed.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_device_is_idle_when_the_clock_starts

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync or (lambda: None)
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        start = timer()
        wait()
        fn()
        wait()
        times.append(timer() - start)
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
