# about: NumPy로 계산하고 다시 텐서로 바꾼다
# question: q1

# %% q1
def sgd(p, g, state, lr=0.01):
    moved = p.numpy() - np.asarray(lr, dtype=p.numpy().dtype) * g.numpy()
    return [torch.as_tensor(moved, dtype=p.dtype), dict()]
