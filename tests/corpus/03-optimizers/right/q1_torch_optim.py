# about: torch.optim.SGD에 복사본을 맡긴다
# question: q1

# %% q1
def sgd(p, g, state, lr=0.01):
    leaf = p.detach().clone()
    leaf.grad = g.detach().clone()
    torch.optim.SGD([leaf], lr=lr).step()
    return leaf.detach().clone().requires_grad_(False), {}
