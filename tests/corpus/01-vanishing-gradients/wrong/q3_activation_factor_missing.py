# about: 은닉층의 델타에 act'(z)를 곱하지 않는다
# question: q3
# hand: 40% One of the two factors of the second formula is missing.
# loses: test_q3_hidden_deltas_use_the_activation_derivative
# loses: test_q3_deltas_equal_those_of_autograd

# %% q3
def backward(zs, hs, Ws, act, y):
    N = len(y)
    d = torch.softmax(zs[-1], dim=1)
    d[torch.arange(N), y] -= 1
    deltas = [d / N]
    for l in range(len(Ws) - 2, -1, -1):
        deltas.insert(0, deltas[0] @ Ws[l + 1])
    return deltas
