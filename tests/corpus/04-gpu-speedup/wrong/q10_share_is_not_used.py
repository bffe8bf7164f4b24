# about: 인자로 받은 share를 쓰지 않는다
# question: q10
# hand: 25% One stated argument is ignored.
# loses: test_q10_the_chain_as_a_whole

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * used
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
