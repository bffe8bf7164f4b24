# row: 22
# about: answers NaN everywhere
# score: 0
# why: no comparison, however loose, takes it for right

# %% answer
nan = float('nan')

def softmax(x):
    return x * nan

def linear(x, weight, bias):
    return (x @ weight.T + bias) * nan

def mse_grad(prediction, target):
    return prediction * nan

def fit(x, y, steps, lr):
    return torch.full((1, x.shape[1]), nan)
