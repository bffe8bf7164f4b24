# about: 평균을 함수의 속성에 담아 파라미터끼리 섞인다
# question: q3
# hand: 35% right for one parameter alone; memory outside the function is forbidden
# loses: test_q3_each_parameter_has_its_own_average
# loses: test_q3_leaves_its_inputs

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    if not state or rmsprop.v.shape != g.shape:
        rmsprop.v = torch.zeros_like(g)
    rmsprop.v = alpha * rmsprop.v + (1 - alpha) * g**2
    return p - lr * g / (rmsprop.v.sqrt() + eps), {"n": state.get("n", 0) + 1}
