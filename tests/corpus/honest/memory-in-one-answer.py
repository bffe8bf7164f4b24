# assignment: 04-gpu-speedup
# about: 한 문항의 답이 메모리를 끝없이 쓰는 학생. 그 문항만 잃고 메모리 이야기를 듣습니다.
# expect: 93
# loses-question: q3
# may-say: cell-memory
# message: q3: 메모리
# never: 모양
# limits: memory_mb=256

# %% drop experiments

# %% q3
def history():
    kept = []
    while True:
        kept.append(torch.ones(2_000_000))


def ridge_point(peak, bandwidth):
    history()
    return peak / bandwidth


def roofline(ai, peak, bandwidth):
    history()
    return min(ai * bandwidth, peak)
