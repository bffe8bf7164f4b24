# about: 인자로 받은 share를 그때의 비율로 돌려준다
# question: q10
# hand: 15% One of the five links is wrong when share is given, which the text names.
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
    return {"step": step, "total": total, "rate": rate, "share": used if share is None else share, "days": total / speed / 86400}
