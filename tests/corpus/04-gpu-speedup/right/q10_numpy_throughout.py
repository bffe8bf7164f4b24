# about: NumPy로 계산하고 NumPy의 수를 돌려준다
# question: q10

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    layers = np.asarray(layers, dtype=np.float64)
    step = layers.sum() + layers.sum() + layers[1:].sum()
    total = step * float(samples) * float(epochs)
    rate = total / np.float64(days * 86_400)
    reached = rate / peak
    if reached > 1.0:
        raise ValueError
    return {
        "days": total / (today * (reached if share is None else share)) / 86_400,
        "share": reached,
        "rate": rate,
        "total": np.array(total),
        "step": torch.tensor(step, dtype=torch.float64),
    }
