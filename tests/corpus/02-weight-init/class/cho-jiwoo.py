# about: 세 문제에서 흔한 오개념을 하나씩 가진 학생 (합성곱층에서 커널의 원소 수를 곱하지 않는다; 균등분포의 경계를 표준편차로 쓴다; torch의 기본값을 He 초기화로 안다)
# expect: 85

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    return shape[1], shape[0]


# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(6 / (n * (1 + slope**2))), generator=gen)


# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 2.0}[scheme]
    u = torch.linspace(-8, 8, 1001, dtype=torch.float64)
    density = torch.exp(-u * u / 2) / torch.exp(-u * u / 2).sum()
    known = {"linear": 1.0, "relu": 0.5}

    def k(q):
        return known[act] if act in known else float((density * PHI[act](math.sqrt(q) * u) ** 2).sum()) / q

    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k(variance) * variance
    return torch.tensor(stds, dtype=torch.float64)


# %% after q3
print("여기까지 다시 읽어 보기")
