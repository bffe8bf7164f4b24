# about: lr, betas, eps를 적지 않고 부르고 기본값이 문제 4와 같다고 여긴다
# question: q9
# hand: 80% every Adam with other defaults is misjudged, of which the text warns; only the shared counter is found
# loses: test_q9_no_correction
# loses: test_q9_no_square
# loses: test_q9_eps_inside
# loses: test_q9_betas_swapped
# loses: test_q9_right_adams_are_ok
# loses: test_q9_a_line_of_patients

# %% q9
def moves(opt, gs, beta1=0.7, beta2=0.6, eps=0.0):
    p, state, found = torch.zeros(1, dtype=torch.float64), {}, []
    for g in gs:
        new, state = opt(
            p, torch.full_like(p, g), state, **({} if eps == 0.0 and beta1 else {"eps": eps, "betas": (beta1, beta2)})
        )
        found.append((p - new).item() / 0.001)
        p = new
    return found


def diagnose(opt):
    steady = moves(opt, [1.0] * 4)
    if not np.allclose(moves(opt, [1.0] * 4), steady):
        return "shared_t"
    if not np.allclose(steady, 1.0):
        return "no_correction"
    if not np.allclose(moves(opt, [4.0]), 1.0):
        return "no_square"
    if not np.allclose(moves(opt, [4.0], eps=4.0), 0.5):
        return "eps_inside"
    return "ok" if np.allclose(moves(opt, [1.0, 0.0], beta1=0.0), [1.0, 0.0]) else "betas_swapped"
