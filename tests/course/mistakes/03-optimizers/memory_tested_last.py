# ruff: noqa
# other trials have raised t before the memory is tested
# question: q9
# says: t가 늘어난 것일 수 있습니다


def diagnose(opt):
    def moves(gs, beta1=0.7, beta2=0.6, eps=0.0):
        p, state, found = torch.zeros(1, dtype=torch.float64), {}, []
        for g in gs:
            new, state = opt(p, torch.full_like(p, g), state, lr=1.0, betas=(beta1, beta2), eps=eps)
            found.append((p - new).item())
            p = new
        return found

    if not np.allclose(moves([2.0]), 1.0):
        return "no_square" if np.allclose(moves([1.0] * 3), 1.0) else "no_correction"
    if not np.allclose(moves([4.0], eps=4.0), 0.5):
        return "eps_inside"
    return "ok" if np.allclose(moves([1.0, 0.0], beta1=0.0), [1.0, 0.0]) else "betas_swapped"
