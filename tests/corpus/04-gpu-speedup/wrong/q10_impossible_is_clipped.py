# about: 최대보다 빠르다는 결과이면 1로 자른다
# question: q10
# hand: 20% The error the text asks for is not raised; all values are right.
# loses: test_q10_faster_than_the_peak_is_a_mistake

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 3 * sum(layers) - layers[0]
    total = step * samples * epochs
    rate = total / (days * 86400)
    used = min(rate / peak, 1.0)
    speed = today * (used if share is None else share)
    return {"step": step, "total": total, "rate": rate, "share": used, "days": total / speed / 86400}
