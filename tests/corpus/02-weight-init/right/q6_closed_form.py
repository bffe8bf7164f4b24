# about: 점화식을 풀어 한 줄로 계산한다
# question: q6

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1, "he": 2, "default": 1 / 3}[scheme]
    k = 0.5 if act == "relu" else 1
    return math.sqrt(c) * torch.tensor(c * k).sqrt() ** torch.arange(L)
