# about: 준비 호출까지 재어 times에 넣는다
# question: q5
# hand: 35% The text forbids to time the warm-up, and the number of times is wrong with it.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_warm_up_calls_come_first_and_are_not_timed

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync or (lambda: None)
    times = []
    for _ in range(warmup + repeats):
        wait()
        start = timer()
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
