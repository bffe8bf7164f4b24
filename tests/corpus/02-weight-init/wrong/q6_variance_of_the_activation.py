# about: 활성화 함수를 지난 값의 제곱 평균이 아니라 분산을 넘긴다
# question: q6
# hand: 45% relu and silu are wrong, tanh and linear are right
# loses: test_q6_whole_predictions_without_an_integral
# loses: test_q6_whole_predictions_for_silu
# loses: test_q6_relu_halves_the_mean_square

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    u = torch.linspace(-8, 8, 2001, dtype=torch.float64)
    density = torch.exp(-(u**2) / 2)
    density = density / density.sum()
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        h = PHI[act](stds[-1] * u)
        moment = float((density * h**2).sum() - (density * h).sum() ** 2)
    return torch.tensor(stds, dtype=torch.float64)
