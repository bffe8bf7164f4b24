# about: torch.optim.Adam의 궤적을 자로 삼는다
# question: q9

# %% q9
def torchs(gs, betas, eps):
    leaf = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([leaf], lr=0.2, betas=betas, eps=eps)
    for g in gs:
        leaf.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
    return leaf.detach()


def asked(opt, gs, betas, eps):
    p, state = torch.zeros(2, dtype=torch.float64), {}
    for g in gs:
        p, state = opt(p, torch.tensor(g, dtype=torch.float64), state, lr=0.2, betas=betas, eps=eps)
    return p


def diagnose(opt):
    steady, unsteady = [[1.0, -1.0]] * 3, [[2.0, -1.0], [0.5, 3.0], [-1.0, 1.0]]

    def same(gs, betas, eps):
        return torch.allclose(asked(opt, gs, betas, eps), torchs(gs, betas, eps), rtol=1e-5)

    first, second = (asked(opt, unsteady, (0.5, 0.7), 0.1) for _ in range(2))
    if not torch.allclose(first, second):
        return "shared_t"
    if same(unsteady, (0.5, 0.7), 0.1):
        return "ok"
    if not same(steady, (0.5, 0.7), 0.0):
        return "no_correction"
    if not same([[5.0, -3.0]], (0.5, 0.7), 0.0):
        return "no_square"
    return "betas_swapped" if same([[5.0, -3.0]], (0.5, 0.7), 2.0) else "eps_inside"
