# about: 제곱근을 취하지 않고 분산을 돌려준다
# question: q6
# loses: test_q6_relu_with_xavier_loses_root_two_a_layer
# loses: test_q6_linear_layers_have_no_half

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    k = {"linear": 1.0, "relu": 0.5}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(variance)
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
