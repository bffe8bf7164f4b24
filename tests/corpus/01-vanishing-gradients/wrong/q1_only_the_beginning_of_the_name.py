# about: 이름의 앞부분만 비교하여 relu6도 ReLU로 여긴다
# question: q1
# hand: 10% Only some unknown names are taken for known ones.
# loses: test_q1_unknown_name_raises_value_error

# %% q1
def act_and_grad(name, z):
    if name.startswith("sig"):
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name.startswith("tanh"):
        a = torch.tanh(z)
        return a, 1 - a**2
    if name.startswith("relu"):
        return torch.relu(z), (z > 0).to(z.dtype)
    raise ValueError(name)
