# ruff: noqa
# gradients of size one only
# question: q9
# says: 크기가 1인 기울기만


def diagnose(opt):
    def moves(gs, beta1=0.7, beta2=0.6, eps=0.0):
        p, state, found = torch.zeros(1, dtype=torch.float64), {}, []
        for g in gs:
            new, state = opt(p, torch.full_like(p, g), state, lr=1.0, betas=(beta1, beta2), eps=eps)
            found.append((p - new).item())
            p = new
        return found

    steady = moves([1.0] * 4)
    if not np.allclose(moves([1.0] * 4), steady):
        return "shared_t"
    return "ok" if np.allclose(steady, 1.0) else "no_correction"
