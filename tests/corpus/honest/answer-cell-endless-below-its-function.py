# assignment: 04-gpu-speedup
# about: 답 셀에 함수를 다 쓰고 그 아래에 끝나지 않는 시험을 남긴 학생. 셀을 멈추어도 이미 정의한 함수는 남습니다.
# expect: 100
# says: cell-timeout
# message: cells: 계산 시간
# limits: cell_seconds=0.6

# %% drop experiments

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync if sync is not None else (lambda: None)
    for _ in range(warmup):
        fn()
    times = []
    for _ in range(repeats):
        wait()
        start = timer()
        fn()
        wait()
        times.append(timer() - start)
    found = {"median": float(np.median(times)), "mean": float(np.mean(times))}
    return {**found, "min": min(times), "max": max(times), "times": times}


while benchmark(lambda: None)["median"] >= 0:
    pass
