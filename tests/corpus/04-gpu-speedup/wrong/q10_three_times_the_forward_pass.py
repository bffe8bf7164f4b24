# about: 역전파가 순전파의 두 배라는 공식을 모든 층에 쓴다
# question: q10
# hand: 25% The first layer's missing gradient is not seen; backward and chain are right.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_backward_costs_what_it_computes

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers)
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
