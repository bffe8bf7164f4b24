# about: 날이 아니라 초를 돌려준다
# question: q10
# hand: 25% One of the five links, the last, has the wrong unit.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_the_same_share_where_none_is_stated

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed}
