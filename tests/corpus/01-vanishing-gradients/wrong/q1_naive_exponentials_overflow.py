# about: 지수 함수를 그대로 나누어 |z|가 크면 NaN이 된다
# question: q1
# hand: 25% The text says in so many words that |z| = 1000 must not give nan.
# loses: test_q1_large_inputs_stay_finite

# %% q1
def act_and_grad(name, z):
    e = torch.exp(-z)
    if name == "sigmoid":
        return 1 / (1 + e), e / (1 + e) ** 2
    if name == "tanh":
        a = (torch.exp(z) - e) / (torch.exp(z) + e)
        return a, 1 - a**2
    if name == "relu":
        return torch.relu(z), (z > 0).to(z.dtype)
    raise ValueError(f"unknown activation: {name}")
