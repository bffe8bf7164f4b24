# about: 역전파를 세지 않는다
# question: q10
# hand: 50% The half of the question about the backward pass is missing; the chain is right.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_backward_costs_what_it_computes

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = sum(layers)
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
