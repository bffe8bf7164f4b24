# about: 전체를 한 번에 재어 횟수로 나눈다
# question: q5
# hand: 45% Each call is to be timed on its own; only the mean is right.
# loses: test_q5_each_repeat_is_timed_by_itself
# loses: test_q5_times_are_the_seconds_of_each_repeat
# loses: test_q5_summary_of_the_times

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync or (lambda: None)
    for _ in range(warmup):
        fn()
    wait()
    start = timer()
    for _ in range(repeats):
        fn()
    wait()
    times = [(timer() - start) / repeats] * repeats
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
