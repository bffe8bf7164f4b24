# about: 0과 1 사이의 난수를 옮겨 새 텐서를 돌려준다
# question: q2

# %% q2
def xavier_(w, gain, gen):
    bound = gain * (6 / sum(fans(w.shape))) ** 0.5
    u = torch.rand(*w.shape, generator=gen, dtype=w.dtype)
    return bound * (2 * u - 1)
