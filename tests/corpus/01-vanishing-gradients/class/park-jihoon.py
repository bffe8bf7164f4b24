# about: 역전파에서 활성화 함수의 도함수를 빠뜨리고 문제 7을 풀지 못한 학생
# expect: 75

# %% drop experiments

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, deltas[0] @ Ws[l + 1])
    return deltas

# %% blank q7

# %% reflection
# 층이 깊어지면 기울기가 작아져서 학습이 느려진다고 배웠습니다. 시그모이드의 기울기가 작기 때문입니다.
