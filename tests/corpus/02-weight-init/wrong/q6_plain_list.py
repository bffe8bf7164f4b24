# about: 텐서가 아니라 파이썬 리스트를 돌려준다
# question: q6
# hand: 15% the numbers are right, only the kind of the result is not
# loses: test_q6_one_number_for_each_layer

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    u = torch.linspace(-8, 8, 1001, dtype=torch.float64)
    density = torch.exp(-u * u / 2) / torch.exp(-u * u / 2).sum()
    known = {"linear": 1.0, "relu": 0.5}

    def k(q):
        return known[act] if act in known else float((density * PHI[act](math.sqrt(q) * u) ** 2).sum()) / q

    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k(variance) * variance
    return stds
