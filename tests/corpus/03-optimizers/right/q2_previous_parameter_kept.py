# about: 속도 대신 앞 단계의 파라미터를 기억하는 무거운 공
# question: q2

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    before = state.get("before", p)
    new = p - lr * g + beta * (p - before)
    return new, {"before": p.clone()}
