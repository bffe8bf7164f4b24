# about: 0.1.0의 노트북에서 작성한 답이라 "linear"와 "relu"만 안다
# question: q6
# hand: 45% tanh and silu, the half that asks for a way of one's own, are missing
# loses: test_q6_whole_predictions_for_tanh
# loses: test_q6_whole_predictions_for_silu

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    k = {"linear": 1.0, "relu": 0.5}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
