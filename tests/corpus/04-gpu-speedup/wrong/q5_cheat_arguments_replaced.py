# about: 받은 sync와 timer를 아무것도 하지 않는 것으로 바꾼다
# question: q5
# hand: 90% Nothing is measured: clock and wait are thrown away; only the calls and keys are there.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_warm_up_calls_come_first_and_are_not_timed
# loses: test_q5_device_is_idle_when_the_clock_starts
# loses: test_q5_device_is_idle_when_the_clock_stops
# loses: test_q5_each_repeat_is_timed_by_itself
# loses: test_q5_times_are_the_seconds_of_each_repeat
# loses: test_q5_summary_of_the_times
# loses: test_q5_defaults_are_those_of_the_statement

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    sync, timer = (lambda: None), (lambda: 0.0)
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
