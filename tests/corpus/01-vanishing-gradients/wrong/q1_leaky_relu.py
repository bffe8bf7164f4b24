# about: ReLU 대신 음수 쪽에 기울기 0.01을 남긴다
# question: q1
# hand: 30% One of the three functions is another one, against the formula of the text.
# loses: test_q1_relu_and_its_derivative
# loses: test_q1_large_inputs_stay_finite

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    if name == "relu":
        slope = torch.where(z > 0, 1.0, 0.01).to(z.dtype)
        return z * slope, slope
    raise ValueError(name)
