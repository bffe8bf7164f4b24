# about: 다른 방식으로 모두 맞히고, 매직과 확인용 셀과 그림을 많이 남긴 학생
# expect: 100

# %% drop experiments

# %% after setup
%matplotlib inline
import itertools
import time

from torch import Tensor

torch.set_printoptions(precision=4)
print(torch.__version__)

# %% q1
def sgd(p: Tensor, g: Tensor, state: dict, lr: float = 0.01):
    """기울기의 반대쪽으로"""
    return torch.add(p, g, alpha=-lr), dict(state)

# %% after q1
%timeit -n 10 -r 1 sgd(torch.zeros(100), torch.ones(100), {})
w = torch.zeros(100)
for i in range(3):
    w, _ = sgd(w, w - 1, {}, lr=0.5)
    print(i, w.mean().item())

# %% q2
def momentum(p: Tensor, g: Tensor, state: dict, lr: float = 0.01, beta: float = 0.9):
    old = state["velocity"] if "velocity" in state else torch.zeros_like(g)
    velocity = old.mul(beta).add(g)
    return p.sub(velocity, alpha=lr), {"velocity": velocity}

# %% q3
def rmsprop(p: Tensor, g: Tensor, state: dict, lr: float = 0.01, alpha: float = 0.99, eps: float = 1e-8):
    mean_sq = _average(state, "mean_sq", g.square(), alpha)
    return p - lr * g / (mean_sq.sqrt() + eps), {"mean_sq": mean_sq}


def _average(state, key, new, rate):
    return rate * state.get(key, torch.zeros_like(new)) + (1 - rate) * new

# %% q4
def adam(p: Tensor, g: Tensor, state: dict, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    n = state.get("n", 0) + 1
    first = _average(state, "first", g, betas[0])
    second = _average(state, "second", g.square(), betas[1])
    up = first / (1 - betas[0] ** n)
    down = (second / (1 - betas[1] ** n)).sqrt() + eps
    return p - lr * up / down, {"n": n, "first": first, "second": second}

# %% after q4
# 골짜기를 내려가는 길을 그려 봅니다.
fig, ax = plt.subplots(figsize=(5, 4))
for opt, lr in ((sgd, 0.15), (momentum, 0.05), (rmsprop, 0.05), (adam, 0.1)):
    q, s, road = torch.tensor([-2.0, 1.0]), {}, []
    for _ in range(40):
        road.append(q)
        q, s = opt(q, torch.tensor([1.0, 10.0]) * q, s, lr=lr)
    ax.plot(*torch.stack(road).T, marker=".", label=opt.__name__)
ax.legend()
plt.show()

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    curv = torch.tensor([1.0, float(kappa)], dtype=torch.float64)
    point, memory = torch.ones_like(curv), {}
    for number in itertools.count():
        height = float(curv @ point**2) / 2
        if height <= tol:
            return number
        if number >= max_steps:
            return math.inf
        point, memory = opt(point, curv * point, memory, **hp)

# %% after q6
begin = time.perf_counter()
for kappa in (10, 100):
    print(kappa, steps_to_tol(sgd, kappa, lr=2 / (1 + kappa)))
print("걸린 시간", time.perf_counter() - begin)

# %% q8
def wilson_problem(n, p, gen):
    coins = torch.rand(n, generator=gen)
    y = torch.tensor([1.0 if coin < p else -1.0 for coin in coins], dtype=torch.float64)
    X = torch.zeros((n, 3 + 5 * n)).double()
    X[:, :3] = torch.stack([y, torch.ones_like(y), torch.ones_like(y)], 1)
    for i in range(n):
        X[i, 3 + 5 * i] = 1
        if y[i] < 0:
            X[i, 4 + 5 * i : 8 + 5 * i] = 1
    return X, y

# %% reflection
# 역전파는 기울기를 구하는 계산이고 옵티마이저는 구한 기울기로 파라미터를 고치는 규칙이라 서로 다릅니다. 같은 기울기
# 1000을 넣었을 때 sgd는 학습률의 1000배, adam은 1배를 움직였습니다.
