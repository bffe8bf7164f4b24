# about: 비율을 백분율로 돌려준다
# question: q10
# hand: 20% One of the five links has the wrong unit.
# loses: test_q10_share_is_a_part_of_the_peak

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": 100 * used, "days": total / speed / 86400}
