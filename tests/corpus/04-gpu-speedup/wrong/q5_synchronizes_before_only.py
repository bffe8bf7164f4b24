# about: fn을 부르기 전에만 기다린다
# question: q5
# hand: 35% One of the four rules is broken, the one that makes every time too short.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_device_is_idle_when_the_clock_stops

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        if sync is not None:
            sync()
        start = timer()
        fn()
        times.append(timer() - start)
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
