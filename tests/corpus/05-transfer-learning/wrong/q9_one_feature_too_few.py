# about: 나눗셈의 나머지를 버려 특성을 하나 적게 쓴다
# question: q9
# hand: 20% the head is smaller than it may be and what is left is not used
# loses: test_q9_no_budget_is_left_unused

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    freeze(new_model.features)
    width = model.num_features if n * (model.num_features + 1) <= budget else max(budget // n - 2, 1)
    if width < model.num_features:
        squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
        nn.init.orthogonal_(squeeze.weight)
        new_model.head = nn.Sequential(squeeze, nn.Linear(width, n)).to(model.head.weight.dtype)
    left = budget - n * (width + 1)
    if width == model.num_features:
        for parameter in reversed(list(new_model.features.parameters())):
            if parameter.numel() <= left:
                parameter.requires_grad_(True)
                left -= parameter.numel()
    return new_model
