# about: He의 분산을 1/n으로 쓴다
# question: q6
# hand: 25% one of the three schemes is wrong
# loses: test_q6_whole_predictions_without_an_integral
# loses: test_q6_first_layer_sees_the_input_itself

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 1.0, "default": 1 / 3}[scheme]
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
    return torch.tensor(stds, dtype=torch.float64)
