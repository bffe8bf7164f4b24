# row: 22
# about: answers infinity everywhere
# score: 0
# why: no comparison, however loose, takes it for right

# %% answer
inf = float('inf')

def softmax(x):
    return torch.full_like(x, inf)

def linear(x, weight, bias):
    return torch.full((len(x), len(weight)), inf)

def mse_grad(prediction, target):
    return torch.full_like(prediction, inf)

def fit(x, y, steps, lr):
    return torch.full((1, x.shape[1]), inf)
