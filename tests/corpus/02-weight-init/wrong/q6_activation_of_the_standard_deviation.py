# about: φ(z)²의 평균 대신 표준편차에 φ를 적용한 값을 쓴다
# question: q6
# hand: 45% tanh and silu, the half that asks for a way of one's own, are wrong
# loses: test_q6_whole_predictions_for_tanh
# loses: test_q6_whole_predictions_for_silu

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        half = 0.5 if act == "relu" else 1.0
        moment = half * float(PHI[act](torch.tensor(stds[-1]))) ** 2
    return torch.tensor(stds, dtype=torch.float64)
