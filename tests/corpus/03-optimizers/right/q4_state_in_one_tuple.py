# about: 세 값을 튜플 하나에 담고, t를 텐서로 센다
# question: q4

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    (b1, b2), zero = betas, torch.zeros_like(p)
    t, m, v = state.get("기억", (torch.zeros((), dtype=torch.float64), zero, zero))
    t, m, v = t + 1, b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
    one, two = float(1 - b1**t), float(1 - b2**t)
    return p - lr * (m / one) / (torch.sqrt(v / two) + eps), {"기억": (t, m, v)}
