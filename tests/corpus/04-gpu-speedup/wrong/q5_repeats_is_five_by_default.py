# about: repeats의 기본값을 5로 바꾸었다
# question: q5
# hand: 10% One stated default is another number.
# loses: test_q5_defaults_are_those_of_the_statement

# %% q5
def benchmark(fn, warmup=3, repeats=5, sync=None, timer=time.perf_counter):
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
        "min": min(times),
        "max": max(times),
        "times": times,
    }
