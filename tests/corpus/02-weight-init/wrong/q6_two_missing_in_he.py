# about: He의 분산을 1/n으로 쓴다
# question: q6
# loses: test_q6_relu_with_he_keeps_the_signal
# loses: test_q6_linear_layers_have_no_half
# loses: test_q6_first_layer_sees_the_input_itself

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 1.0, "default": 1 / 3}[scheme]
    k = {"linear": 1.0, "relu": 0.5}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(variance))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
