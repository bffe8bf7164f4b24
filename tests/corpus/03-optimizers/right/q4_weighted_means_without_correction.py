# about: 가중치의 합으로 나눈 평균을 기억하므로 보정이 따로 없다
# question: q4

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    def running(key, value, beta):
        mean, weight = state.get(key, (torch.zeros_like(value), 0.0))
        new_weight = beta * weight + 1.0
        return mean + (value - mean) / new_weight, new_weight

    m, v = running("m", g, betas[0]), running("v", g * g, betas[1])
    return p - lr * m[0] / (v[0].sqrt() + eps), {"m": m, "v": v}
