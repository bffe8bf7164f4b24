# about: 문제 4, 5, 6, 8은 풀지 못하고 문제 2에서 경계와 표준편차를 혼동한 학생
# expect: 41

# %% drop experiments

# %% before q1
%matplotlib inline
# 과제 01에서 쓰던 함수 (여기서는 안 씀)
def act_and_grad(name, z):
    a = torch.tanh(z)
    return a, 1 - a * a

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError("축이 모자람")
    k = 1
    for s in shape[2:]:
        k = k * s
    print("fans:", tuple(shape), "->", shape[1] * k, shape[0] * k)
    return shape[1] * k, shape[0] * k

# %% after q1
fans((64, 3, 7, 7))

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    bound = gain * (6 / (n_in + n_out)) ** 0.5  # 논문의 식
    with torch.no_grad():
        w.normal_(0, bound, generator=gen)
    return w

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ["fan_in", "fan_out"]:
        raise ValueError(mode)
    n = {"fan_in": n_in, "fan_out": n_out}[mode]
    with torch.no_grad():
        w.normal_(0, (2 / n / (1 + slope**2)) ** 0.5, generator=gen)
    return w

# %% after q3
%time w_try = kaiming_(torch.empty(100, 100), "fan_in", torch.Generator().manual_seed(3))
w_try.std()

# %% q4
def orthogonal_(w, gen):
    q, r = torch.linalg.qr(torch.randn(w.shape, generator=gen))
    # 부호는 나중에
    raise NotImplementedError

# %% blank q5

# %% blank q6

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    new = []
    h = x
    for W in Ws:
        W = W.clone()
        n = 0
        while n < max_steps:
            v = torch.var(PHI[act](h @ W.T))
            if torch.abs(v - 1) <= tol:
                break
            W = W / torch.sqrt(v)
            n = n + 1
        new.append(W)
        h = PHI[act](h @ W.T)
    return new

# %% blank q8

# %% after q8
# 8번은 시간이 없어서 못 풀었습니다. 아래는 시도
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
for p in model.parameters():
    if p.dim() == 2:
        kaiming_(p, "fan_in", torch.Generator().manual_seed(0))
with torch.no_grad():
    print(nn.functional.cross_entropy(model(x_train), raw.y_train))

# %% reflection
# 초기화를 잘하면 층별 사전 훈련이 필요 없어집니다.
