# about: 층을 하나씩 돌며 세고, 비율의 역수로 날을 구한다
# question: q10

# %% q10
DAY = 24 * 60 * 60


def training_chain(layers, samples, epochs, days, peak, today, share=None):
    step = 0.0
    for number, flops in enumerate(layers):
        step += flops  # forward
        step += flops  # weights
        step += flops if number else 0.0  # input
    seen = samples * epochs
    seconds = days * DAY
    used = step * seen / seconds / peak
    if used > 1:
        raise ValueError(used)
    if share is None:
        later = days * peak / today
    else:
        later = step * seen / (share * today * DAY)
    return dict(step=step, total=step * seen, rate=step * seen / seconds, share=used, days=later, note="Fermi")
