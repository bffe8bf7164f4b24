# about: 누적 곱을 float32로 구한다
# question: q6

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    factors = torch.full((L,), c * (0.5 if act == "relu" else 1.0))
    factors[0] = c
    return factors.cumprod(0).sqrt()
