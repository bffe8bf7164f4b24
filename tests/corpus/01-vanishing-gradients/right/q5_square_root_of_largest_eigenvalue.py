# about: WWᵀ의 가장 큰 고윳값의 제곱근을 쓰고 로그의 합으로 곱한다
# question: q5

# %% q5
def jacobian_bound(Ws, act):
    log_bound = 0.0
    for W in Ws:
        gram = W @ W.T if W.shape[0] < W.shape[1] else W.T @ W
        log_bound += 0.5 * math.log(torch.linalg.eigvalsh(gram)[-1].item())
    if act == "sigmoid":
        log_bound -= len(Ws) * math.log(4)
    return np.exp(log_bound)
