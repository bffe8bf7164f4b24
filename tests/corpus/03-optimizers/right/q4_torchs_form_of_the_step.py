# about: torch의 구현처럼 보정을 학습률과 분모에 나누어 적용한다
# question: q4

# %% q4
def adam(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
    step = state.get("step", 0) + 1
    exp_avg = torch.lerp(state.get("exp_avg", torch.zeros_like(g)), g, 1 - betas[0])
    exp_avg_sq = betas[1] * state.get("exp_avg_sq", torch.zeros_like(g)) + (1 - betas[1]) * g.square()
    correction1 = 1 - betas[0] ** step
    correction2 = math.sqrt(1 - betas[1] ** step)
    denominator = exp_avg_sq.sqrt() / correction2 + eps
    new_p = p - (lr / correction1) * exp_avg / denominator
    return new_p, {"step": step, "exp_avg": exp_avg, "exp_avg_sq": exp_avg_sq}
