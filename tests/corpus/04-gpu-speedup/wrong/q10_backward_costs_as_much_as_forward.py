# about: 역전파를 순전파만큼만 센다
# question: q10
# hand: 40% The first link is wrong by a factor for every input; the rest of the chain follows it rightly.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_backward_costs_what_it_computes

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 2 * sum(layers)
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
