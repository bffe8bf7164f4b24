# about: torch의 calculate_gain에서 가져온 상수를 모든 층에 쓴다
# question: q6
# hand: 45% tanh and silu, the half that asks for a way of one's own, are wrong
# loses: test_q6_whole_predictions_for_tanh
# loses: test_q6_whole_predictions_for_silu

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    k = 1 / nn.init.calculate_gain({"silu": "relu"}.get(act, act)) ** 2
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
