# about: share가 None이면 최대 속도를 다 낸다고 본다
# question: q10
# hand: 25% The stated meaning of the default is wrong, in one of the five links.
# loses: test_q10_the_same_share_where_none_is_stated

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (1.0 if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
