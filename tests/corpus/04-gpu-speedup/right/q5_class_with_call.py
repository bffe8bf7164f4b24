# about: 부를 수 있는 객체로 만들고, 중앙값을 직접 구한다
# question: q5

# %% q5
class _Benchmark:
    def __call__(self, fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
        count = 0
        while count < warmup:
            fn()
            count += 1
        starts, ends = [], []
        while len(ends) < repeats:
            sync and sync()
            starts.append(timer())
            fn()
            sync and sync()
            ends.append(timer())
        times = [b - a for a, b in zip(starts, ends)]
        in_order = sorted(times)
        half = repeats // 2
        median = in_order[half] if repeats % 2 else (in_order[half - 1] + in_order[half]) / 2
        return dict(median=median, mean=sum(times) / repeats, min=in_order[0], max=in_order[-1], times=times)


benchmark = _Benchmark()
