# about: 도함수의 식에 z 대신 활성값 a를 다시 넣는다 (sigma'(a) for sigma'(z))
# question: q1
# hand: 45% Two of the three derivatives are wrong for nearly every z; the values are right.
# loses: test_q1_sigmoid_and_its_derivative
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_large_inputs_stay_finite

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, torch.sigmoid(a) * (1 - torch.sigmoid(a))
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - torch.tanh(a) ** 2
    if name == "relu":
        return torch.relu(z), (z > 0).to(z.dtype)
    raise ValueError(name)
