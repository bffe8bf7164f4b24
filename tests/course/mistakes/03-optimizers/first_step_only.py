# ruff: noqa
# only the first step is looked at, with betas where it is right by luck
# question: q9
# says: 첫 단계만 보았다면


def diagnose(opt):
    def moves(gs, beta1=0.7, beta2=0.6, eps=0.0):
        p, state, found = torch.zeros(1, dtype=torch.float64), {}, []
        for g in gs:
            new, state = opt(p, torch.full_like(p, g), state, lr=1.0, betas=(beta1, beta2), eps=eps)
            found.append((p - new).item())
            p = new
        return found

    return "ok" if np.allclose(moves([1.0], 0.9, 0.99), 1.0) else "no_correction"
