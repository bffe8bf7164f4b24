# about: ReLU를 제자리 연산으로 구해 입력 z를 바꾼다
# question: q1
# hand: 25% The text forbids changing z; the rest is right.
# loses: test_q1_does_not_change_its_input

# %% q1
def act_and_grad(name, z):
    if name == "sigmoid":
        a = torch.sigmoid(z)
        return a, a * (1 - a)
    if name == "tanh":
        a = torch.tanh(z)
        return a, 1 - a**2
    if name == "relu":
        z[z < 0] = 0
        return z, (z > 0).to(z.dtype)
    raise ValueError(name)
