# about: 단계마다 torch.optim.SGD를 새로 만들고 기억을 옮겨 담는다
# question: q2

# %% q2
def momentum(p, g, state, lr=0.01, beta=0.9):
    from torch.optim import SGD

    leaf = torch.clone(p).detach()
    leaf.grad = torch.clone(g)
    optimizer = SGD([leaf], lr=lr, momentum=beta)
    if state:
        optimizer.state[leaf]["momentum_buffer"] = state["buffer"].clone()
    optimizer.step()
    return leaf.clone(), {"buffer": optimizer.state[leaf]["momentum_buffer"].clone()}
