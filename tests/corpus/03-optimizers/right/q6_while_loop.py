# about: while 반복문과 파이썬의 수로 f를 계산하고 자동 미분으로 기울기를 구한다
# question: q6

# %% q6
def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    def f(q):
        return (q[0] ** 2 + kappa * q[1] ** 2) / 2

    q, memory, count = torch.ones(2, dtype=torch.double), {}, 0
    while not f(q).item() <= tol:
        if count >= max_steps:
            return float("inf")
        leaf = q.clone().requires_grad_(True)
        f(leaf).backward()
        q, memory = opt(q, leaf.grad, memory, **hp)
        count += 1
    return count
