# about: 문제 1의 도함수가 틀렸지만, 그 함수를 쓰는 문제 2, 3에서는 다시 점수를 잃지 않는다
# loses: test_q1_sigmoid_and_its_derivative
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_relu_and_its_derivative
# loses: test_q1_large_inputs_stay_finite

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        return torch.sigmoid(-z), torch.sigmoid(z)
    if name == "tanh":
        return torch.tanh(z / 2), 1 - torch.tanh(z)
    if name == "relu":
        return torch.relu(-z), torch.ones_like(z)
    raise ValueError(name)
