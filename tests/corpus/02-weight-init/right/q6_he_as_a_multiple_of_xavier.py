# about: Xavier를 기준으로 다른 초기화를 구한다
# question: q6

# %% q6
def predict_std(act, L, scheme):
    base = [1.0]
    for _ in range(L - 1):
        base.append(base[-1] / (math.sqrt(2) if act == "relu" else 1))
    ratio = {"xavier": 1.0, "he": math.sqrt(2), "default": 1 / math.sqrt(3)}[scheme]
    return torch.from_numpy(np.array([value * ratio ** (l + 1) for l, value in enumerate(base)]))
