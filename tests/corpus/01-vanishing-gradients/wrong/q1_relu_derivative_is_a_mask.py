# about: ReLU의 도함수로 참/거짓 마스크를 그대로 돌려준다
# question: q1
# hand: 15% One dtype of six results is wrong, which text and hint both name.
# loses: test_q1_keeps_shape_and_dtype

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    if name == "relu":
        return torch.relu(z), z > 0
    raise ValueError(name)
