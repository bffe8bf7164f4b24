# about: torch.sub의 alpha를 쓰고, 받은 state를 그대로 돌려준다
# question: q1

# %% q1
def sgd(p, g, state, lr=0.01):
    """기억할 것이 없으므로 state에는 손대지 않습니다."""
    new_p = torch.sub(p, g, alpha=lr)
    return new_p, state
