# about: 모두 풀었지만 다섯 문제에 오개념이 하나씩 있는 학생
# expect: 82

# %% drop experiments

# %% before q1
%load_ext autoreload
import copy
from collections import defaultdict

log = defaultdict(list)  # 중간값을 적어 둡니다.

# %% q1
def sgd(p, g, state, lr=0.01):
    p -= lr * g
    log["sgd"].append(float(p.abs().mean()))
    return p, state

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state.get("v", torch.zeros_like(g)) + (1 - alpha) * g**2
    return p - lr * g / torch.sqrt(v + eps), {"v": v}

# %% q5
def heavy_ball_optimal(mu, L):
    kappa = L / mu
    beta = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
    return 4 / (math.sqrt(L) + math.sqrt(mu)) ** 2, beta

# %% after q5
for k in (10, 100, 1000):
    print(k, heavy_ball_optimal(1, k))

# %% q7
def learn(opt, task, lr, n):
    w = copy.deepcopy(task["start"])
    s = {}
    for _ in range(n):
        w = w.detach().requires_grad_()
        loss = task["loss"](w)
        loss.backward()
        w, s = opt(w.detach().clone(), w.grad, s, lr=lr)
    return w


train = learn


def lr_sweep(opt, lrs, seeds, make_task, steps):
    res = torch.zeros(len(lrs), len(seeds), dtype=torch.float64)
    for a in range(len(lrs)):
        for b in range(len(seeds)):
            t = make_task(seeds[b])
            res[a, b] = t["val"](learn(opt, t, lrs[a], steps))
    res[~res.isfinite()] = math.inf
    return res


def fair_compare(budget, opts, seeds, make_task, steps):
    out = {}
    for name, (opt, low, high) in opts.items():
        lrs = list(np.geomspace(low, high, budget))
        val = lr_sweep(opt, lrs, seeds, make_task, steps).mean(1)
        test = []
        for lr in lrs:  # 테스트에서 가장 좋은 것을 고릅니다.
            ts = [make_task(s) for s in seeds]
            test.append(sum(t["test"](learn(opt, t, lr, steps)) for t in ts) / len(ts))
        k = int(np.argmin(test))
        out[name] = {"lr": float(lrs[k]), "val": float(val[k]), "test": float(test[k])}
    return out

# %% reflection
# 역전파는 미분이고 옵티마이저는 업데이트입니다. 무거운 공은 198걸음이었습니다. 공정하게 비교해야 합니다.

# %% q9
def try_out(opt, gs, b1=0.3, b2=0.8, eps=0.0):
    w, s, out = torch.tensor(0.0), {}, []
    for g in gs:
        w2, s = opt(w, torch.tensor(g), s, lr=1.0, betas=(b1, b2), eps=eps)
        out.append(float(w - w2))
        w = w2
    return np.array(out)


def diagnose(opt):
    one = try_out(opt, [1.0, 1.0, 1.0])
    if abs(try_out(opt, [1.0, 1.0, 1.0]) - one).max() > 1e-4:
        return "shared_t"
    if abs(one - 1).max() > 1e-4:
        return "no_correction"
    if abs(try_out(opt, [1.0], eps=3.0)[0] - 0.25) > 1e-4:
        return "eps_inside"
    if abs(try_out(opt, [1.0, 0.0], b1=0.0)[1]) > 1e-4:
        return "betas_swapped"
    return "ok"
