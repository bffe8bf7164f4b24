# about: 딕셔너리에서 찾다가 KeyError가 난다
# question: q1
# hand: 15% The exception that the text names is another one.
# loses: test_q1_unknown_name_raises_value_error

# %% q1
TABLE = {
    "sigmoid": (torch.sigmoid, lambda a: a * (1 - a)),
    "tanh": (torch.tanh, lambda a: 1 - a * a),
    "relu": (torch.relu, lambda a: (a > 0).to(a.dtype)),
}


def act_and_grad(name, z):
    f, slope = TABLE[name]
    a = f(z)
    return a, slope(a)
