# about: 거의 모든 문제를 다른 방법으로 푼 학생
# expect: 100

# %% q1
def matmul_cost(m: int, k: int, n: int, itemsize: int = 4) -> tuple[float, float]:
    m, k, n = map(float, (m, k, n))
    read, written = m * k + k * n, m * n
    multiply, add = m * n * k, m * n * k
    return multiply + add, (read + written) * itemsize

# %% q2
def peak_flops(cores, clock):
    return np.float64(cores) * clock * 2


def doubling_years(factor, years):
    with np.errstate(divide="ignore"):
        return np.float64(years) / np.log2(np.float64(factor))

# %% q3
def roofline(ai, peak, bandwidth):
    share = np.asarray(ai) / ridge_point(peak, bandwidth)
    return peak * np.minimum(share, 1.0)


ridge_point = lambda peak, bandwidth: peak / bandwidth

# %% q4
def amdahl(p, s):
    time_left = sum([1.0 - p, 0.0 if s == math.inf else p / s])
    try:
        return 1.0 / time_left
    except ZeroDivisionError:
        return math.inf


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("speedup > s")
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if amdahl(middle, s) < speedup:
            low = middle
        else:
            high = middle
    return high

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    wait = sync or (lambda: None)
    wait()
    for _ in range(warmup):
        fn()
        wait()
    stamps = torch.zeros(repeats, 2, dtype=torch.float64)
    for i in range(repeats):
        wait()
        wait()
        stamps[i, 0] = timer()
        fn()
        wait()
        stamps[i, 1] = timer()
    t = stamps[:, 1] - stamps[:, 0]
    return {
        "median": t.quantile(0.5),
        "mean": t.mean(),
        "min": t.min(),
        "max": t.max(),
        "times": t,
        "std": t.std(),
    }

# %% q6
from torch.utils._pytree import tree_map


def to_device(obj, device):
    return tree_map(lambda x: x.to(device) if isinstance(x, torch.Tensor) else x, obj)


def train_step(model, batch, loss_fn, optimizer, device):
    x, y = (to_device(part, torch.device(device)) for part in batch)
    model.zero_grad(set_to_none=True)
    with torch.enable_grad():
        loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.data

# %% q7
def pairwise_sq_dists(X, Y):
    a, b = X.detach().numpy(), Y.detach().numpy()
    squares = np.square(a[:, np.newaxis, :] - b[np.newaxis, :, :])
    return torch.from_numpy(squares.sum(axis=2))

# %% q8
import itertools


def crossover(cpu_times, gpu_times, transfer):
    margin = [c - (g + t) for c, g, t in zip(cpu_times, gpu_times, transfer)]
    streak = len(list(itertools.takewhile(lambda m: m > 0, reversed(margin))))
    return len(margin) - streak if streak else None

# %% q9
def model_flops(model, input_shape):
    found = []

    def note(layer, inputs, output):
        products = layer.in_features
        found.append(2 * output.numel() * products)

    def note_convolution(layer, inputs, output):
        products = layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1]
        found.append(2 * output.numel() * products)

    net = copy.deepcopy(model).to("meta", torch.float64).eval()
    for layer in net.modules():
        if isinstance(layer, nn.Linear):
            layer.register_forward_hook(note)
        elif isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(note_convolution)
    with torch.no_grad():
        net(torch.zeros(1, *input_shape, dtype=torch.float64, device="meta"))
    return found

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    layers = np.asarray(layers, dtype=np.float64)
    step = layers.sum() + layers.sum() + layers[1:].sum()
    total = step * float(samples) * float(epochs)
    rate = total / np.float64(days * 86_400)
    reached = rate / peak
    if reached > 1.0:
        raise ValueError
    return {
        "days": total / (today * (reached if share is None else share)) / 86_400,
        "share": reached,
        "rate": rate,
        "total": np.array(total),
        "step": torch.tensor(step, dtype=torch.float64),
    }
