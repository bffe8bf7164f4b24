# about: 층의 출력이 아니라 층에 들어가는 신호의 크기를 돌려준다
# question: q6
# loses: test_q6_first_layer_sees_the_input_itself

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    k = {"linear": 1.0, "relu": 0.5}[act]
    stds, moment = [], 1.0
    for _ in range(L):
        variance = c * moment
        stds.append(math.sqrt(moment))
        moment = k * variance
    return torch.tensor(stds, dtype=torch.float64)
