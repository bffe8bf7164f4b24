# about: 헤드의 편향을 세지 않는다
# question: q9
# hand: 30% the budget is exceeded, the text says that biases count
# loses: test_q9_at_most_budget_numbers_learn

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    freeze(new_model.features)
    width = min(model.num_features, budget // n)
    if width < model.num_features:
        squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
        nn.init.orthogonal_(squeeze.weight)
        new_model.head = nn.Sequential(squeeze, nn.Linear(width, n)).to(model.head.weight.dtype)
    left = budget - n * width
    for parameter in reversed(list(new_model.features.parameters())):
        if parameter.numel() <= left:
            parameter.requires_grad_(True)
            left -= parameter.numel()
    return new_model
