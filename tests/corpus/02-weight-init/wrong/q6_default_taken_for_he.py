# about: torch의 기본값을 He 초기화로 안다
# question: q6
# loses: test_q6_torch_default_is_smaller_than_he

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 2.0}[scheme]
    k = {"linear": 1.0, "relu": 0.5}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
