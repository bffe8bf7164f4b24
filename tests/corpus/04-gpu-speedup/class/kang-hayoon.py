# about: 이름을 바꾸고 순서를 뒤섞어 풀다가, sync 대신 torch.cuda.synchronize를 쓰고 장치를 스스로 고른 학생
# expect: 61.5

# %% before q1
from collections import namedtuple
import numpy as np, torch, time, math
import warnings; warnings.filterwarnings("ignore")
dev = "cuda" if torch.cuda.is_available() else "cpu"

# %% q1
Cost = namedtuple("Cost", "flops nbytes")

def matmul_cost(m, k, n, itemsize=4):
    return Cost(2 * m * k * n, (m * k + k * n) * itemsize)

# %% after q1
c = matmul_cost(4096, 4096, 4096)
print(f"{c.flops / 1e9:.1f} GFLOP, {c.nbytes / 2**20:.1f} MiB")

# %% q2
GHz = 1e9

def peak_flops(cores, clock):
    '''코어 x 클럭 x 2'''
    return 2 * cores * clock

def doubling_years(factor, years):
    if factor == 1:
        return float("inf")
    log2 = lambda v: math.log(v) / math.log(2)
    return years / log2(factor)

# %% q3
def ridge_point(peak, bandwidth):
    x = peak / bandwidth
    return x

def roofline(ai, peak, bandwidth):
    return np.minimum(peak, ai * bandwidth)

# %% blank q4

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    """시간을 잰다"""
    for _ in range(warmup):
        fn()
    results = np.zeros(repeats)
    for r in range(repeats):
        if torch.cuda.is_available(): torch.cuda.synchronize()
        a = timer()
        fn()
        if torch.cuda.is_available(): torch.cuda.synchronize()
        b = timer()
        results[r] = b - a
    return dict(median=np.median(results), mean=results.mean(), min=results.min(), max=results.max(), times=results.tolist())

# %% after q5
bench = benchmark
print({name: round(value, 6) for name, value in bench(lambda: torch.randn(50, 50) @ torch.randn(50, 50)).items() if name != "times"})
%timeit -n 5 -r 1 torch.randn(50, 50) @ torch.randn(50, 50)

# %% q6
def train_step(model, batch, loss_fn, optimizer, device):
    inputs, targets = to_device(batch, dev)
    prediction = model(inputs)
    loss = loss_fn(prediction, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()

def to_device(thing, device):
    kinds = {dict: lambda d: {k: to_device(v, device) for k, v in d.items()}}
    for kind in (list, tuple):
        kinds[kind] = lambda s, kind=kind: kind(to_device(v, device) for v in s)
    if torch.is_tensor(thing):
        return thing.to(device)
    return kinds.get(type(thing), lambda t: t)(thing)

# %% q7
def pairwise_sq_dists(X, Y):
    diff = X[:, None, :] - Y[None, :, :]
    return (diff ** 2).sum(dim=-1)

# %% after q7
torch.manual_seed(3)
P, Q = torch.randn(4, 2), torch.randn(6, 2)
print(torch.allclose(pairwise_sq_dists(P, Q), torch.cdist(P, Q) ** 2, atol=1e-5))

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    for i in range(len(cpu_times)):
        if gpu_times[i] + transfer[i] < cpu_times[i]:
            return i
    return None

# %% after summary
print("끝!", len(globals()) > 0)

# %% reflection
# 행렬 곱은 쪼개기 쉽습니다. 그런데 벡터 덧셈은 메모리가 느려서 0.4%밖에 못 씁니다(계산한 값).

# %% blank q9
