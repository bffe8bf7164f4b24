# about: 자동 미분으로 구하면서 층 사이에서 detach하여 앞 층의 기울기가 끊긴다
# question: q3
# hand: 60% Only the last layer is right, every other delta is zero.
# loses: test_q3_delta_goes_back_through_the_weights
# loses: test_q3_hidden_deltas_use_the_activation_derivative
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    f = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[act]
    leaves = [z.detach().clone().requires_grad_() for z in zs]
    h = leaves[-1]
    for l in range(len(zs) - 1):
        f(leaves[l].detach()) @ Ws[l + 1].T
    loss = torch.nn.functional.cross_entropy(h, y)
    loss.backward()
    return [z.grad if z.grad is not None else torch.zeros_like(z) for z in leaves]
