# about: 모멘텀을 이동 평균으로, Adam을 편향 보정 없이 쓰고 문제 7, 8, 9는 풀지 못했으며, 문제 10에서 편향 보정을 되돌리지 않은 학생
# expect: 42.5

# %% drop experiments

# %% q1
def sgd(p, g, state, lr=0.01):
    # p = p - lr * g
    result = p - lr * g
    return result, state

# %% q2
# 강의 노트에서 본 식
def momentum(p, g, state, lr=0.01, beta=0.9):
    if state == {}:
        state = {"m": torch.zeros_like(p)}
    m = beta * state["m"] + (1 - beta) * g
    return p - lr * m, {"m": m}

# %% after q2
momentum(torch.zeros(3), torch.ones(3), {})

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    m, state1 = ma(g, state, "m", betas[0])
    v, state2 = ma(g * g, state, "v", betas[1])
    return p - lr * m / (torch.sqrt(v) + eps), {**state1, **state2}


def ma(x, state, key, rate):
    """이동 평균"""
    new = rate * state.get(key, 0) + (1 - rate) * x
    return new, {key: new}

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    p = torch.ones(2, dtype=torch.float64)
    h = torch.tensor([1.0, kappa], dtype=torch.float64)
    state = {}
    steps = 0
    while 0.5 * (h * p * p).sum() > tol:
        p, state = opt(p, h * p, state, **hp)
        steps += 1
        if steps == max_steps:
            break
    return steps

# %% after q6
print(steps_to_tol(sgd, 10, lr=2 / 11))
print(steps_to_tol(momentum, 10, lr=0.1, beta=0.5))

# %% blank q7

# %% blank q8

# %% blank q9

# %% q10
def as_momentum(t, lr, beta):
    big = 10.0**10
    return {"lr": lr * big / (1 - beta), "betas": (beta, 0.9), "eps": big}


def as_rmsprop(t, lr, alpha, eps):
    fix = (1 - alpha**t) ** 0.5
    return {"lr": lr / fix, "betas": (0, alpha), "eps": eps / fix}

# %% reflection
# 옵티마이저는 역전파로 구한 기울기를 이용해서 가중치를 바꾸는 것입니다. Adam이 가장 좋습니다.
