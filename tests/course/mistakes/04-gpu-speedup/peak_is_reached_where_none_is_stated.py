# ruff: noqa
# peak is reached where none is stated
# question: q10
# says: 앞에서 구한 비율을 쓰세요


def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    if rate > peak:
        raise ValueError("rate > peak")
    used = rate / peak
    speed = today * (1.0 if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
