# about: Nesterov의 방법처럼 한 단계 앞당긴 속도를 쓴다
# question: q2
# hand: 60% another method; the velocity itself is right
# loses: test_q2_form_and_defaults
# loses: test_q2_first_step_is_that_of_gradient_descent
# loses: test_q2_fifty_steps_equal_torch

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    v = beta * state.get("v", 0) + g
    return p - lr * (g + beta * v), {"v": v}
