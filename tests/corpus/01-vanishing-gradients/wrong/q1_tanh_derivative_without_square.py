# about: tanh'를 1 - tanh(z)로 쓴다
# question: q1
# hand: 25% One of three derivatives is another formula than the one written in the text.
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_large_inputs_stay_finite

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a
    if name == "relu":
        return torch.relu(z), (z > 0).to(z.dtype)
    raise ValueError(name)
