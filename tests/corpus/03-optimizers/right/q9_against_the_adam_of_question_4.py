# about: 문제 4의 adam과 견주고, 다르면 어디에서 다른지 차례로 본다
# question: q9

# %% q9
def diagnose(opt):
    def differs(gs, betas, eps):
        ends = []
        for function in (opt, adam):
            p, state = torch.zeros(3), {}
            for g in gs:
                p, state = function(p, g * torch.ones(3), state, lr=0.5, betas=betas, eps=eps)
            ends.append(p)
        return not torch.allclose(*ends, rtol=1e-4)

    probe = ([2.0, 2.0], (0.3, 0.55), 0.0)
    runs = [differs(*probe) for _ in range(2)]
    if runs[1] and not runs[0]:
        return "shared_t"
    if differs([1.0, 1.0], (0.3, 0.55), 0.0):
        return "no_correction"
    if differs([9.0], (0.3, 0.55), 0.0):
        return "no_square"
    if differs([9.0], (0.3, 0.55), 9.0):
        return "eps_inside"
    return "betas_swapped" if differs([1.0, -2.0, 3.0], (0.3, 0.55), 0.0) else "ok"
