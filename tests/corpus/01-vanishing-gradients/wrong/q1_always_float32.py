# about: 무엇이 들어와도 float32로 바꾼다
# question: q1
# hand: 15% The values are right; the table asks for the dtype of z.
# loses: test_q1_keeps_shape_and_dtype

# %% q1
def act_and_grad(name, z):
    z = z.float()
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    if name == "relu":
        return torch.relu(z), (z > 0).float()
    raise ValueError(name)
