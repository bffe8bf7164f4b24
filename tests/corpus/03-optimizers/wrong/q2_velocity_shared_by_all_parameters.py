# about: 속도를 전역 변수 하나에 모양별로 담아 파라미터끼리 섞인다
# question: q2
# hand: 35% right for one parameter alone; memory outside the function is forbidden
# loses: test_q2_each_parameter_has_its_own_velocity
# loses: test_q2_leaves_its_inputs

# %% q2
velocity = {}


def momentum(p, g, state, lr=0.01, beta=0.9):
    key = p.dim()
    if not state:
        velocity[key] = torch.zeros_like(p)
    if velocity[key].shape != p.shape:
        velocity[key] = torch.zeros_like(p)
    velocity[key] = beta * velocity[key] + g
    return p - lr * velocity[key], {"started": True}
