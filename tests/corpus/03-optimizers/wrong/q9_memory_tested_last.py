# about: t가 섞이는지를 마지막에 확인해, 앞의 검사가 늘려 놓은 t 때문에 다른 이름을 댄다
# question: q9
# hand: 25% one of five faults gets another name
# loses: test_q9_shared_t
# loses: test_q9_a_line_of_patients

# %% q9
def moves(opt, gs, beta1=0.7, beta2=0.6, eps=0.0):
    p, state, found = torch.zeros(1, dtype=torch.float64), {}, []
    for g in gs:
        new, state = opt(p, torch.full_like(p, g), state, lr=1.0, betas=(beta1, beta2), eps=eps)
        found.append((p - new).item())
        p = new
    return found


def diagnose(opt):
    if not np.allclose(moves(opt, [4.0]), 1.0):
        return "no_square" if np.allclose(moves(opt, [1.0]), 1.0) else "no_correction"
    steady = moves(opt, [1.0] * 4)
    if not np.allclose(steady, 1.0):
        return "no_correction"
    if not np.allclose(moves(opt, [4.0], eps=4.0), 0.5):
        return "eps_inside"
    if not np.allclose(moves(opt, [1.0] * 4), steady):
        return "shared_t"
    return "ok" if np.allclose(moves(opt, [1.0, 0.0], beta1=0.0), [1.0, 0.0]) else "betas_swapped"
