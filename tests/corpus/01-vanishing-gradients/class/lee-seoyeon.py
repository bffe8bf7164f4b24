# about: 다른 방식으로 모두 맞히고, 확인용 셀과 그림을 많이 남긴 학생
# expect: 100

# %% drop experiments

# %% q1
from torch import Tensor


def act_and_grad(name: str, z: Tensor) -> tuple[Tensor, Tensor]:
    """활성화 함수의 값과 도함수의 값"""
    match name:
        case "sigmoid":
            s = torch.special.expit(z)
            return s, s * torch.special.expit(-z)
        case "tanh":
            t = z.tanh()
            return t, (1 - t) * (1 + t)
        case "relu":
            return z.clamp_min(0), z.gt(0).to(z)
        case _:
            raise ValueError(f"{name}: 없는 활성화 함수")

# %% after q1
# 그림으로 확인해 봅니다.
z = torch.linspace(-6, 6, 241)
fig, axes = plt.subplots(1, 3, figsize=(9, 2.5))
for ax, name in zip(axes, ("sigmoid", "tanh", "relu")):
    a, da = act_and_grad(name, z)
    ax.plot(z, a)
    ax.plot(z, da, linestyle="--")
    ax.set_title(name)
plt.show()
print("시그모이드 도함수의 최댓값:", act_and_grad("sigmoid", z)[1].max().item())

# %% q3
def backward(zs, hs, Ws, act, y):
    def back(layer, delta):
        if layer == 0:
            return [delta]
        below = torch.matmul(delta, Ws[layer]) * act_and_grad(act, zs[layer - 1])[1]
        return [*back(layer - 1, below), delta]

    log_p = zs[-1].log_softmax(dim=1)
    target = torch.zeros_like(log_p).scatter_(1, y.unsqueeze(1), 1.0)
    return back(len(Ws) - 1, (log_p.exp() - target) / len(target))

# %% after q3
# 자동 미분과 비교
torch.manual_seed(1)
Ws_ = [torch.randn(5, 4), torch.randn(6, 5), torch.randn(3, 6)]
bs_ = [torch.randn(5), torch.randn(6), torch.randn(3)]
x_, y_ = torch.randn(7, 4), torch.tensor([0, 1, 2, 0, 1, 2, 0])
zs_, hs_ = forward(x_, Ws_, bs_, "tanh")
W0 = Ws_[0].clone().requires_grad_()
loss = nn.functional.cross_entropy(forward(x_, [W0, *Ws_[1:]], bs_, "tanh")[0][-1], y_)
loss.backward()
mine = backward(zs_, hs_, Ws_, "tanh", y_)[0].T @ x_
print("첫 층의 가중치 기울기, 가장 큰 차이:", (mine - W0.grad).abs().max().item())

# %% q6
def decay_factor(norms):
    log_norms = np.log(np.where(np.isfinite(norms) & (norms.numpy() > 0), norms, np.nan))
    layer = np.arange(len(norms), dtype=float)
    layer[np.isnan(log_norms)] = np.nan
    if np.isfinite(layer).sum() < 2:
        return math.nan
    dl, dg = layer - np.nanmean(layer), log_norms - np.nanmean(log_norms)
    return math.exp(-np.nansum(dl * dg) / np.nansum(dl**2))

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_test_part, y_test_part = data
    tables = [sweep(depths, seed, data), sweep(depths, seed, data)]
    tables.append({depth: sweep([depth], seed, data)[depth] for depth in depths})
    opposite = sweep(depths, seed, (x, y, x_test_part, torch.where(y_test_part == 1, 0, 1)))
    tables.append({depth: 1 - opposite[depth] for depth in depths})
    gaps = [max(abs(table[depth] - tables[0][depth]) for depth in depths) > 1e-6 for table in tables[1:]]
    return dict(zip(("repeat", "order", "test"), (True, None, None) if gaps[0] else gaps))

# %% reflection
# 역전파에서 델타는 층을 하나 지날 때마다 가중치와 활성화 함수의 도함수를 만납니다. 시그모이드의 도함수는 1/4을 넘지
# 못하므로 층이 많으면 앞 층의 기울기가 거의 0이 됩니다. 그래서 앞 층은 거의 배우지 못하고, 깊이 4의 시그모이드는
# 정확도가 0.1에 머물렀습니다.
