# about: t를 전역 변수에 두어 다른 파라미터의 단계까지 센다
# question: q4
# hand: 35% right for one parameter alone; memory outside the function is forbidden
# loses: test_q4_each_parameter_counts_its_own_steps
# loses: test_q4_leaves_its_inputs

# %% q4
t = 0


def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    global t
    if not state:
        t = 0
    t += 1
    b1, b2 = betas
    m = b1 * state.get("m", 0) + (1 - b1) * g
    v = b2 * state.get("v", 0) + (1 - b2) * g**2
    return p - lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps), {"m": m, "v": v}
