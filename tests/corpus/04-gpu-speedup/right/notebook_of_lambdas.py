# about: 모든 함수를 lambda와 partial로 쓴 노트북

# %% q1
matmul_cost = lambda m, k, n, itemsize=4: (2 * m * n * k, itemsize * (k * (m + n) + m * n))

# %% q2
peak_flops = lambda cores, clock: cores * (clock + clock)
doubling_years = lambda factor, years: math.inf if factor <= 1 else years / math.log(factor, 2)

# %% q3
ridge_point = lambda peak, bandwidth: peak / bandwidth
roofline = lambda ai, peak, bandwidth: (
    torch.clip(ai * bandwidth, max=peak) if torch.is_tensor(ai) else sorted((peak, ai * bandwidth))[0]
)

# %% q4
amdahl = lambda p, s: (1 - p + p / s) ** -1 if p < 1 else s


def _fraction(speedup, s):
    if speedup > s:
        raise ValueError((speedup, s))
    return (speedup - 1) / speedup * s / (s - 1)


amdahl_fraction = _fraction

# %% q5
import functools


def _benchmark(fn, warmup, repeats, sync, timer):
    for _ in range(warmup):
        fn()
    sync = sync or (lambda: None)
    lap = lambda: (sync(), timer(), fn(), sync(), timer())
    times = [lap_[4] - lap_[1] for lap_ in (lap() for _ in range(repeats))]
    return {"times": times, "median": np.median(times), "mean": np.mean(times), "min": np.min(times), "max": np.max(times)}


benchmark = functools.partial(_benchmark, warmup=3, repeats=10, sync=None, timer=time.perf_counter)

# %% q6
to_device = lambda obj, device: (
    obj.to(device)
    if isinstance(obj, torch.Tensor)
    else {k: to_device(v, device) for k, v in obj.items()}
    if isinstance(obj, dict)
    else type(obj)([to_device(v, device) for v in obj])
    if type(obj) in (list, tuple)
    else obj
)


def _step(model, batch, loss_fn, optimizer, device):
    batch = to_device(batch, device)
    loss = loss_fn(model(batch[0]), batch[1])
    return optimizer.zero_grad(), loss.backward(), optimizer.step(), loss.detach()


train_step = lambda *args, **kwargs: _step(*args, **kwargs)[-1]

# %% q7
pairwise_sq_dists = lambda X, Y: (X[:, None] - Y).square().sum(2)

# %% q8
crossover = lambda cpu, gpu, transfer: min(
    (i for i in range(len(cpu)) if all(gpu[j] + transfer[j] < cpu[j] for j in range(i, len(cpu)))), default=None
)
