# about: ReLU가 표준편차를 절반으로 줄인다고 본다
# question: q6
# loses: test_q6_relu_with_xavier_loses_root_two_a_layer
# loses: test_q6_relu_with_he_keeps_the_signal
# loses: test_q6_torch_default_is_smaller_than_he

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    k = {"linear": 1.0, "relu": 0.25}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
