# about: ReLU'(0)을 1로 둔다
# question: q1
# hand: 20% The text settles the slope at 0 in bold, and the work takes the other one.
# loses: test_q1_relu_and_its_derivative

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    if name == "relu":
        return torch.clamp(z, min=0), (z >= 0).to(z.dtype)
    raise ValueError(name)
