# about: filter로 고르고 NumPy로 세어 튜플로 돌려준다
# question: q3

# %% q3
def trainable_params(model):
    params = tuple(filter(lambda p: p.requires_grad, reversed(list(model.parameters()))))
    return params, int(np.sum([np.prod(p.shape) for p in params]))
