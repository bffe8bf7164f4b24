# about: 시계와 torch.cuda.synchronize를 바꾸어 놓고, 인자 대신 그것을 쓴다
# question: q5
# hand: 90% Nothing is measured: clock and wait are ignored; only the calls and keys are there.
# loses: test_q5_a_measurement_as_a_whole
# loses: test_q5_device_is_idle_when_the_clock_starts
# loses: test_q5_device_is_idle_when_the_clock_stops
# loses: test_q5_times_are_the_seconds_of_each_repeat
# loses: test_q5_defaults_are_those_of_the_statement

# %% q5
time.perf_counter = lambda: 0.0
torch.cuda.synchronize = lambda *args: None


def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        torch.cuda.synchronize()
        start = time.perf_counter()
        fn()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return {
        "median": float(np.median(times)),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
