# about: 층마다 처음 입력의 크기만 본다
# question: q7
# hand: 45% all layers but the first are fitted to the input instead of their own signal
# loses: test_q7_relu_and_linear_networks_as_stated
# loses: test_q7_curved_networks_as_stated

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted, h = [], x
    for W in Ws:
        for _ in range(max_steps):
            v = PHI[act](h @ W.T).var()
            if abs(v - 1) <= tol:
                break
            W = W / v.sqrt()
        fitted.append(W)
        h = torch.nn.functional.pad(x, (0, W.shape[0]))[:, : W.shape[0]]
    return fitted
