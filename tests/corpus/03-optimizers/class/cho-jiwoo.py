# about: 세 문제에서 흔한 오개념을 하나씩 가진 학생 (lr 인자 대신 언제나 0.01을 쓴다; 평균을 함수의 속성에 담아 파라미터끼리 섞인다; 한 단계 움직인 뒤에 f를 보아 출발점을 보지 않는다)
# expect: 96

# %% q1
def sgd(p, g, state, lr=0.01):
    learning_rate = 0.01
    return p - learning_rate * g, state

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    if not state or rmsprop.v.shape != g.shape:
        rmsprop.v = torch.zeros_like(g)
    rmsprop.v = alpha * rmsprop.v + (1 - alpha) * g**2
    return p - lr * g / (rmsprop.v.sqrt() + eps), {"n": state.get("n", 0) + 1}

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    p, state = torch.ones(2, dtype=torch.float64), {}
    for k in range(1, max_steps + 1):
        p, state = opt(p, h * p, state, **hp)
        if (0.5 * h * p * p).sum() <= tol:
            return k
    return math.inf

# %% after q3
print("여기까지 다시 읽어 보기")
