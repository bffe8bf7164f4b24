# about: (da, a) 순서로 돌려준다
# question: q1
# hand: 50% All values are right, and each stands in the other's place.
# loses: test_q1_sigmoid_and_its_derivative
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_relu_and_its_derivative
# loses: test_q1_large_inputs_stay_finite

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a * (1 - a), a
    if name == "tanh":
        a = torch.tanh(z)
        return 1 - a**2, a
    if name == "relu":
        return (z > 0).to(z.dtype), torch.relu(z)
    raise ValueError(name)
