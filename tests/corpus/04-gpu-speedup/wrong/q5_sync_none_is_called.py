# about: sync가 None이어도 부르려고 한다
# question: q5
# hand: 35% The call with its defaults raises an error; with a sync all is right.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_defaults_are_those_of_the_statement

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync
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
        "min": min(times),
        "max": max(times),
        "times": times,
    }
