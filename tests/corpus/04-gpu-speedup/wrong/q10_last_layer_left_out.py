# about: 첫 층이 아니라 마지막 층에서 입력의 기울기를 뺀다
# question: q10
# hand: 30% The first link takes the wrong layer as the one without a gradient; the chain is right.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_backward_costs_what_it_computes

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[-1]
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
