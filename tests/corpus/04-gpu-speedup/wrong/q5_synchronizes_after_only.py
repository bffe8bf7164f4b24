# about: fn을 부른 뒤에만 기다려, 앞에서 맡긴 일이 섞인다
# question: q5
# hand: 25% One of the four rules is broken: earlier work is timed.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_device_is_idle_when_the_clock_starts

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        start = timer()
        fn()
        if sync:
            sync()
        times.append(timer() - start)
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
