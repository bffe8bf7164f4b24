# about: 문제 7의 셀에서 결과를 끝없이 모아 메모리를 다 쓰는 학생
# expect: 84

# %% drop experiments

# %% q7
history = []
while len(history) < 10_000:
    history.append(torch.ones(4_000_000, dtype=torch.float64))


def depth_sweep(act, depths, seed, data, width=32, steps=200, lr=0.05):
    return {depth: 0.1 for depth in depths}

# %% reflection
# 깊은 신경망에서는 앞 층까지 기울기가 전해지지 않습니다.
