# about: 인자로 받은 timer 대신 time.perf_counter를 직접 읽는다
# question: q5
# hand: 35% The text asks in so many words for the timer that was given; it is ignored.
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
        start = time.perf_counter()
        fn()
        wait()
        times.append(time.perf_counter() - start)
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
