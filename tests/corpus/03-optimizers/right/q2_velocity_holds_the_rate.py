# about: 학습률까지 담은 속도를 쌓고, 부호도 반대로 담는다
# question: q2

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    if "step" in state:
        step = beta * state["step"] - lr * g
    else:
        step = -lr * g
    return p + step, dict(step=step)
