# about: 하루를 3600초로 본다
# question: q10
# hand: 35% One of the five links has the wrong unit, and two follow it.
# loses: test_q10_total_and_rate_follow_from_the_stages_before
# loses: test_q10_the_same_share_where_none_is_stated

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 3600)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
