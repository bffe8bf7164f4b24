# about: 세 문제에서 흔한 오개념을 하나씩 가진 학생 (합성곱층에서 커널의 원소 수를 곱하지 않는다; 균등분포의 경계를 표준편차로 쓴다; torch의 기본값을 He 초기화로 안다)
# expect: 88

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    return shape[1], shape[0]

# %% q3
def kaiming_(w, mode, gen):
    n_in, n_out = fans(w.shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(mode)
    n = n_in if mode == "fan_in" else n_out
    with torch.no_grad():
        return w.normal_(0, math.sqrt(6 / n), generator=gen)

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 2.0}[scheme]
    k = {"linear": 1.0, "relu": 0.5}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)

# %% after q3
print("여기까지 다시 읽어 보기")
