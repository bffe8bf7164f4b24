# about: 고장마다 Adam을 하나씩 만들어 궤적을 견준다
# question: q9

# %% q9
def broken(fault):
    count = {"t": 0}

    def opt(p, g, state, lr, betas, eps):
        a, b = betas if fault != "betas_swapped" else (betas[1], betas[0])
        count["t"] += 1
        t = count["t"] if fault == "shared_t" else state.get("t", 0) + 1
        m = a * state.get("m", 0) + (1 - a) * g
        v = b * state.get("v", 0) + (1 - b) * (abs(g) if fault == "no_square" else g * g)
        ma = m if fault in ("both", "m only") else m / (1 - a**t)
        va = v if fault in ("both", "v only") else v / (1 - b**t)
        below = torch.sqrt(va + eps) if fault == "eps_inside" else torch.sqrt(va) + eps
        return p - lr * ma / below, {"t": t, "m": m, "v": v}

    return opt


def road(opt):
    places = []
    for _ in range(2):
        p, state = torch.tensor([0.3, -0.2]), {}
        for g in ([3.0, -0.5], [-2.0, 1.0], [0.25, 7.0], [1.5, -1.5]):
            p, state = opt(p, torch.tensor(g), state, lr=0.1, betas=(0.6, 0.8), eps=0.7)
            places.append(p)
    return torch.stack(places)


def diagnose(opt):
    kinds = ["ok", "no_square", "eps_inside", "betas_swapped", "shared_t", "both", "m only", "v only"]
    seen = road(opt)
    gaps = {kind: (road(broken(kind)) - seen).abs().max().item() for kind in kinds}
    best = min(gaps, key=gaps.get)
    return best if best in kinds[:5] else "no_correction"
