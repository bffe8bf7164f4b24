# about: 준비 호출 뒤에도 기다리고, 시각을 텐서에 모은다
# question: q5

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync or (lambda: None)
    wait()
    for _ in range(warmup):
        fn()
        wait()
    stamps = torch.zeros(repeats, 2, dtype=torch.float64)
    for i in range(repeats):
        wait()
        wait()
        stamps[i, 0] = timer()
        fn()
        wait()
        stamps[i, 1] = timer()
    t = stamps[:, 1] - stamps[:, 0]
    return {
        "median": t.quantile(0.5),
        "mean": t.mean(),
        "min": t.min(),
        "max": t.max(),
        "times": t,
        "std": t.std(),
    }
