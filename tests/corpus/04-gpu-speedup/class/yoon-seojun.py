# about: 도우미 함수를 뒤쪽 셀에 두고 확인용 출력과 매직을 많이 남겼으며, 중앙값과 음수인 거리를 놓친 학생
# expect: 94

# %% before q1
%matplotlib inline
import itertools
from statistics import mean, median

# %% q1
def matmul_cost(M, K, N, itemsize=4):
    # 출력 원소 하나에 곱셈 K번, 덧셈 K번
    total = M * N * (K + K)
    moved = sum(a * b for a, b in pairs(M, K, N))
    return total, moved * itemsize

# %% after q1
def pairs(*sizes):
    """(m, k), (k, n), (m, n)"""
    m, k, n = sizes
    return [(m, k), (k, n), (m, n)]


print(matmul_cost(2, 3, 5))
for size in (64, 256, 1024):
    f, b = matmul_cost(size, size, size)
    print(size, f, b, f / b)

# %% q2
def peak_flops(cores, clock):
    fma_per_second = cores * clock
    return fma_per_second * 2


def doubling_years(factor, years):
    if factor == 1: return np.inf
    return years / np.log2(factor)

# %% after q2
peak_flops(3072, 1.075e9) / 1e12, doubling_years(5000, 20)

# %% q3
def ridge_point(peak, bandwidth): return peak / bandwidth


def roofline(ai, peak, bandwidth):
    memory = ai * bandwidth
    if isinstance(ai, torch.Tensor):
        return torch.where(memory < peak, memory, peak)
    return memory if memory < peak else peak

# %% q4
def amdahl(p, s):
    not_faster = 1 - p
    faster = p / s
    if not_faster + faster == 0:
        return np.inf
    return 1 / (not_faster + faster)


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError('불가능')
    x = 1 - 1 / speedup
    y = 1 - 1 / s
    return x / y

# %% after q4
%timeit -n 10 -r 2 amdahl(0.9, 100)
print([round(amdahl(0.9, s), 2) for s in (1, 2, 10, 100, math.inf)])

# %% q5
def benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter):
    for i in range(warmup):
        fn()
    times = []
    for i in range(repeats):
        times.append(stopwatch(fn, sync, timer))
    return {'times': times, 'median': sorted(times)[len(times) // 2], 'mean': mean(times), 'min': min(times), 'max': max(times)}

# %% after q5
def stopwatch(fn, sync, timer):
    if sync is not None: sync()
    t0 = timer()
    fn()
    if sync is not None: sync()
    t1 = timer()
    return t1 - t0


print(benchmark(lambda: sum(range(1000)))['median'])

# %% q6
def to_device(obj, device):
    if isinstance(obj, torch.Tensor):
        return obj.to(device)
    elif isinstance(obj, dict):
        new = {}
        for k in obj:
            new[k] = to_device(obj[k], device)
        return new
    elif isinstance(obj, list):
        return [to_device(o, device) for o in obj]
    elif isinstance(obj, tuple):
        return tuple([to_device(o, device) for o in obj])
    else:
        return obj


def train_step(model, batch, loss_fn, optimizer, device):
    model.train()
    batch = to_device(batch, device)
    out = model(batch[0])
    loss = loss_fn(out, batch[1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()

# %% after q6
!echo done
to_device({'a': [torch.ones(2), 'b']}, 'meta')

# %% q7
def pairwise_sq_dists(X, Y):
    xx = (X ** 2).sum(1).view(-1, 1)
    yy = (Y ** 2).sum(1).view(1, -1)
    return xx + yy - 2 * torch.mm(X, Y.t())

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    answer = None
    for i in range(len(cpu_times) - 1, -1, -1):
        if gpu_times[i] + transfer[i] < cpu_times[i]:
            answer = i
        else:
            return answer
    return answer

# %% after q8
print(crossover([1, 2, 3], [0, 0, 0], [2, 1, 1]))

# %% reflection
# 작은 일로 나누면 여러 코어가 동시에 할 수 있어서 빠릅니다. 암달의 법칙으로 계산해 보면 90%만 나눌 수 있을 때 최대 10배입니다.

# %% q10
DAY = 24 * 60 * 60


def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 0.0
    for number, flops in enumerate(layers):
        step += flops  # forward
        step += flops  # weights
        step += flops if number else 0.0  # input
    seen = samples * epochs
    seconds = days * DAY
    used = step * seen / seconds / peak
    if used > 1:
        raise ValueError(used)
    if share is None:
        later = days * peak / today
    else:
        later = step * seen / (share * today * DAY)
    return dict(step=step, total=step * seen, rate=step * seen / seconds, share=used, days=later, note="Fermi")
