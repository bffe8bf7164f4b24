# about: 크기가 1인 기울기만 넣어 제곱과 크기를 구별하지 못한다
# question: q9
# hand: 25% one of five faults is never found, and such an Adam counts as right
# loses: test_q9_no_square
# loses: test_q9_right_adams_are_ok
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
    steady = moves(opt, [1.0] * 4)
    if not np.allclose(moves(opt, [1.0] * 4), steady):
        return "shared_t"
    if not np.allclose(steady, 1.0):
        return "no_correction"
    if not np.allclose(moves(opt, [1.0]), 1.0):
        return "no_square"
    if not np.allclose(moves(opt, [1.0], eps=1.0), 0.5):
        return "eps_inside"
    return "ok" if np.allclose(moves(opt, [1.0, 0.0], beta1=0.0), [1.0, 0.0]) else "betas_swapped"
