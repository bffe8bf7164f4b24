# assignment: 02-weight-init
# about: 원소마다 파이썬 반복문으로 재어, 작은 입력에서는 빠르고 큰 입력에서는 느린 학생.
# expect: 100

# %% drop experiments

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    f = {"linear": lambda z: z, "relu": lambda z: max(z, 0.0), "tanh": math.tanh, "silu": lambda z: z / (1 + math.exp(-z))}[act]
    h, fitted = x.tolist(), []
    for W in Ws:
        scale = 1.0
        z = [[sum(a * b for a, b in zip(row, unit)) for unit in W.tolist()] for row in h]
        for _ in range(max_steps):
            out = [f(scale * value) for row in z for value in row]
            mean = sum(out) / len(out)
            variance = sum((value - mean) ** 2 for value in out) / len(out)
            if abs(variance - 1) <= tol:
                break
            scale /= math.sqrt(variance)
        fitted.append(scale * W)
        h = [[f(scale * value) for value in row] for row in z]
    return fitted
