# about: 모르는 이름이면 아무것도 하지 않고 끝난다
# question: q1
# hand: 15% The one case of ValueError that the text names is missing.
# loses: test_q1_unknown_name_raises_value_error

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    elif name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    elif name == "relu":
        return torch.relu(z), (z > 0).to(z.dtype)
