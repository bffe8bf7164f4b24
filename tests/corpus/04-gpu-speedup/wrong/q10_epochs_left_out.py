# about: 에포크를 곱하지 않는다
# question: q10
# hand: 30% One of the five links leaves out an argument; the others follow rightly.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_total_and_rate_follow_from_the_stages_before

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
