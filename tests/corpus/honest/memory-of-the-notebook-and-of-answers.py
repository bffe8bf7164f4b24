# assignment: 04-gpu-speedup
# about: 노트북이 텐서 120 MB를 들고 있고, 두 문항의 답이 저마다 120 MB를 쓰는 학생. 한도는 200 MB입니다.
# expect: 100
# limits: memory_mb=200
# soak: yes

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    two = 2 * torch.ones_like(held)[0].item() if "held" in globals() else 2
    return int(two) * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q4
def amdahl(p, s):
    if "held" in globals() and "kept" not in globals():
        globals()["kept"] = torch.ones_like(held)
    left = (1 - p) + p / s
    return 1 / left if left > 0 else math.inf


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("빠르게 할 수 없습니다.")
    return (1 - 1 / speedup) / (1 - 1 / s)

# %% after q8-check
held = torch.ones(120 * 2**18)
