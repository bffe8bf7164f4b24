# about: 줄인 헤드의 dtype이 언제나 float32이다
# question: q9
# hand: 15% the design is right, one type is not
# loses: test_q9_is_a_model_of_its_own_with_n_classes

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    freeze(new_model.features)
    width = min(model.num_features, budget // n - 1)
    if width < model.num_features:
        squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
        nn.init.orthogonal_(squeeze.weight)
        new_model.head = nn.Sequential(squeeze, nn.Linear(width, n))
    left = budget - n * (width + 1)
    for parameter in reversed(list(new_model.features.parameters())):
        if parameter.numel() <= left:
            parameter.requires_grad_(True)
            left -= parameter.numel()
    return new_model
