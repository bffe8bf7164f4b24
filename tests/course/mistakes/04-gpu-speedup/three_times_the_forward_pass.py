# ruff: noqa
# three times the forward pass
# question: q10
# says: 필요하지 않은 것이 하나 있습니다


def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers)
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
