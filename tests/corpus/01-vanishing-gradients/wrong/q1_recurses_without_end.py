# about: tanh를 시그모이드로, 시그모이드를 tanh로 구해 끝나지 않는다
# question: q1
# hand: 70% Two of the three functions never return.
# loses: test_q1_sigmoid_and_its_derivative
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_large_inputs_stay_finite
# loses: test_q1_keeps_shape_and_dtype
# loses: test_q1_does_not_change_its_input

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        t, dt = act_and_grad("tanh", z / 2)
        return (1 + t) / 2, dt / 4
    if name == "tanh":
        s, ds = act_and_grad("sigmoid", 2 * z)
        return 2 * s - 1, 4 * ds
    if name == "relu":
        return torch.relu(z), (z > 0).to(z.dtype)
    raise ValueError(name)
