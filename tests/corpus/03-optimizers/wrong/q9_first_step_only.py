# about: 보정을 첫 단계만으로 판단하고, 우연히 맞는 betas=(0.9, 0.99)를 쓴다
# question: q9
# hand: 25% the plain kind of one of five faults gets another name
# loses: test_q9_no_correction
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
    steady = moves(opt, [1.0], 0.9, 0.99)
    if not np.allclose(moves(opt, [1.0], 0.9, 0.99), steady):
        return "shared_t"
    if not np.allclose(steady, 1.0):
        return "no_correction"
    if not np.allclose(moves(opt, [4.0]), 1.0):
        return "no_square"
    if not np.allclose(moves(opt, [4.0], eps=4.0), 0.5):
        return "eps_inside"
    return "ok" if np.allclose(moves(opt, [1.0, 0.0], beta1=0.0), [1.0, 0.0]) else "betas_swapped"
