# ruff: noqa
# impossible is clipped
# question: q10
# says: 16배 빨랐다는 결과인데


def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    used = min(rate / peak, 1.0)
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
