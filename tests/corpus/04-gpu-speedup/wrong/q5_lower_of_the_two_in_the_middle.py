# about: torch의 median을 써서 짝수일 때 작은 쪽을 고른다
# question: q5
# hand: 15% The median is wrong for an even number, of which the hint warns.
# loses: test_q5_summary_of_the_times

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
        times.append(timer() - start)
    return {
        "median": float(torch.tensor(times, dtype=torch.float64).median()),
        "mean": sum(times) / len(times),
        "min": min(times),
        "max": max(times),
        "times": times,
    }
