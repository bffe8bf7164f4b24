# about: 자기 보조 함수와 import를 두고, 정의의 순서를 섞고, 확인용 셀과 매직을 많이 남기며 모두 맞힌 학생
# expect: 100

# %% drop experiments

# %% after setup
%matplotlib inline
from collections.abc import Sequence
import functools as ft
import operator

torch.set_printoptions(precision=4, sci_mode=False)
print("torch", torch.__version__)

# %% q1
def fans(shape: Sequence[int]) -> tuple[int, int]:
    """(n_in, n_out)"""
    if not len(shape) >= 2:
        raise ValueError("shape에 축이 둘은 있어야 해요")
    receptive_field = ft.reduce(operator.mul, shape[2:], 1)
    fan_out, fan_in = (n * receptive_field for n in shape[:2])
    return fan_in, fan_out

# %% after q1
fans((5, 3)), fans((16, 3, 5, 5)), fans(nn.Conv1d(4, 6, 7).weight.shape)

# %% q2
def xavier_(w, gain, gen):
    return fill_uniform(w, std=gain * (2 / sum(fans(w.shape))) ** 0.5, gen=gen)

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    if mode == "fan_in":
        n = fans(w.shape)[0]
    elif mode == "fan_out":
        n = fans(w.shape)[1]
    else:
        raise ValueError(f"mode = {mode}?")
    return fill_uniform(w, std=(2 / n / (1 + slope**2)) ** 0.5, gen=gen)

# %% after q3
def fill_uniform(w, std, gen):
    """표준편차가 std인 균등분포 (위의 두 함수에서 씁니다)"""
    half_width = math.sqrt(3) * std
    with torch.no_grad():
        w.uniform_(-half_width, half_width, generator=gen)
    return w

# %% after q3
# 히스토그램으로 확인
w_test = kaiming_(torch.empty(400, 300), "fan_in", torch.Generator().manual_seed(7))
print(w_test.std().item(), (2 / 300) ** 0.5)
plt.figure(figsize=(4, 2))
plt.hist(w_test.flatten().numpy(), bins=40)
plt.show()

# %% after q3
%timeit kaiming_(torch.empty(64, 64), "fan_in", torch.Generator())

# %% q4
def orthogonal_(w, gen):
    A = torch.randn(w.shape, dtype=w.dtype, generator=gen)
    U, S, Vh = torch.linalg.svd(A, full_matrices=False)
    with torch.no_grad():
        w[:] = U @ Vh
    return w

# %% after q4
Q = orthogonal_(torch.empty(3, 5), torch.Generator().manual_seed(0))
Q @ Q.T

# %% q5
def propagate(Ws, x, act):
    result = torch.empty(len(Ws), dtype=x.dtype)
    for i, W in enumerate(Ws):
        z = nn.functional.linear(x, W)
        result[i] = z.std()
        x = PHI[act](z)
    return result

# %% q6
def gaussian_mean(f, q, points=4001):
    """q가 분산인 정규분포에서 f(z)의 평균"""
    z = torch.linspace(-8, 8, points, dtype=torch.float64)
    p = torch.exp(-0.5 * z * z)
    return ((p * f(z * q**0.5)).sum() / p.sum()).item()


def predict_std(act, L, scheme):
    n = 100  # 아무 수나 같습니다
    var_w = {"xavier": 2 / (n + n), "he": 2 / n, "default": 1 / (3 * n)}[scheme]
    q = [n * var_w]
    for _ in range(L - 1):
        q.append(n * var_w * gaussian_mean(lambda z: PHI[act](z) ** 2, q[-1]))
    return torch.sqrt(torch.tensor(q, dtype=torch.float64))

# %% after q6
for s in ("xavier", "he", "default"):
    print(s, predict_std("relu", 4, s))

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    phi = PHI[act]
    fitted = []
    for W in Ws:
        for step in range(max_steps + 1):
            out = phi(x @ W.T)
            if abs(out.var().item() - 1) <= tol or step == max_steps:
                break
            W = W / out.std()
        fitted.append(W)
        x = out
    return fitted

# %% q8
def make_model(init, sizes, gen):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        if i:
            layers.append(nn.ReLU())
        lin = nn.Linear(a, b)
        lin.weight.data.copy_(init(torch.empty(b, a), gen))
        lin.bias.data.zero_()
        layers.append(lin)
    return nn.Sequential(*layers)


def init_sweep(inits, depths, seed, data, width=64, steps=400, lr=0.003, batch=64):
    x, y, xt, yt = data
    C = y.unique().shape[0]
    answer = {}
    for name, init in inits.items():
        answer[name] = {}
        for depth in depths:
            gen = torch.Generator().manual_seed(seed)
            model = make_model(init, [x.shape[1]] + [width] * depth + [C], gen)
            opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
            crit = nn.CrossEntropyLoss()
            for step in range(steps):
                i = torch.randint(0, len(x), (batch,), generator=gen)
                loss = crit(model(x[i]), y[i])
                opt.zero_grad()
                loss.backward()
                opt.step()
            with torch.no_grad():
                answer[name][depth] = (model(xt).argmax(1) == yt).float().mean().item()
    return answer

# %% reflection
# 층마다 n σ²과 ReLU의 1/2이 곱해지므로 이 값이 1이 되도록 He 초기화를 쓰면 신호가 줄지 않습니다. 예측값 (1/√2)^29 = 4.3e-5와
# 잰 값 2.2e-5가 비슷했습니다. 가중치의 기울기의 비는 1에 가까워도 크기가 10의 -5제곱이라 학습이 되지 않았습니다.
