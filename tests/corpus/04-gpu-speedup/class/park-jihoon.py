# about: 문제 8을 풀지 않았고, 앞의 문제들도 일부만 맞힌 학생. 오류가 난 연습 셀이 남아 있다
# expect: 51.5

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    a = torch.empty(m, k, device="meta")
    b = torch.empty(k, n, device="meta")
    c = a @ b
    flops = 2 * c.numel() * k
    nbytes = 4 * (a.numel() + b.numel() + c.numel())
    return flops, nbytes

# %% q2
def peak_flops(cores, clock):
    return cores * clock * 2

def doubling_years(factor, years):
    # 5000배 / 20년
    t = years / math.log2(factor)
    return t

# %% after q2
print(doubling_years(5000, 20))
print(doubling_years(1, 20))

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth

def roofline(ai, peak, bandwidth):
    if ai < ridge_point(peak, bandwidth):
        return ai * bandwidth
    else:
        return peak

# %% q4
def amdahl(p, s):
    return 1 / ((1 - p) + p / s)

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    for _ in range(warmup): fn()
    times = []
    for _ in range(repeats):
        start = timer()
        fn()
        if sync: sync()
        times.append(timer() - start)
    result = {}
    result["times"] = times
    result["median"] = float(np.median(times))
    result["mean"] = float(np.mean(times))
    result["min"] = float(np.min(times))
    result["max"] = float(np.max(times))
    return result

# %% after q5
%time benchmark(lambda: torch.ones(10).sum())

# %% q6
def to_device(obj, device):
    if isinstance(obj, (list, tuple)):
        return type(obj)([to_device(o, device) for o in obj])
    if isinstance(obj, dict):
        return {k: to_device(v, device) for k, v in obj.items()}
    try:
        return obj.to(device)
    except AttributeError:
        return obj

def train_step(model, batch, loss_fn, optimizer, device):
    x, y = batch
    x, y = to_device(x, device), to_device(y, device)
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()

# %% q7
def pairwise_sq_dists(X, Y):
    rows = []
    for i in range(X.shape[0]):
        rows.append(((X[i] - Y) ** 2).sum(1))
    return torch.stack(rows)

# %% after q7
A = torch.randn(5, 2)
print(pairwise_sq_dists(A, A).diag())
print(torch.cdist(A, B))

# %% blank q8

# %% blank reflection

# %% q9
def model_flops(model, input_shape):
    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Linear, nn.Conv2d))]
    return [2 * layer.weight.numel() for layer in layers]

# %% blank q10
