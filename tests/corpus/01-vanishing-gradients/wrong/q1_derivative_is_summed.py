# about: 도함수를 배치에 대해 더해 버린다
# question: q1
# hand: 50% Every derivative, half of what is asked, has lost its shape.
# loses: test_q1_sigmoid_and_its_derivative
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_relu_and_its_derivative
# loses: test_q1_large_inputs_stay_finite
# loses: test_q1_keeps_shape_and_dtype

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, (a * (1 - a)).sum(0)
    if name == "tanh":
        a = torch.tanh(z)
        return a, (1 - a**2).sum(0)
    if name == "relu":
        return torch.relu(z), (z > 0).to(z.dtype).sum(0)
    raise ValueError(name)
