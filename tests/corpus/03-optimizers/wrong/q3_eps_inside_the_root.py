# about: eps를 제곱근 안에서 더한다
# question: q3
# hand: 35% the text says in bold that eps stands outside the root; the rest is right
# loses: test_q3_eps_is_added_to_the_root
# loses: test_q3_fifty_steps_equal_torch

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    v = alpha * state.get("v", 0) + (1 - alpha) * g**2
    return p - lr * g / torch.sqrt(v + eps), {"v": v}
