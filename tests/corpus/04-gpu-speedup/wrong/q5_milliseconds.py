# about: 초가 아니라 밀리초로 돌려준다
# question: q5
# hand: 40% Every returned number is wrong by a factor; the measurement is designed rightly.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_times_are_the_seconds_of_each_repeat

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
        times.append((timer() - start) * 1000)
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
