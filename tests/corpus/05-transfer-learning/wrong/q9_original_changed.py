# about: 복사하지 않고 받은 모델을 바꾼다
# question: q9
# hand: 30% the model that must not change is changed and its tensors are shared
# loses: test_q9_is_a_model_of_its_own_with_n_classes
# loses: test_q9_learns_vowels_within_budget

# %% q9
def within_budget(model, n, budget):
    new_model = model
    freeze(new_model.features)
    width = min(model.num_features, budget // n - 1)
    squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
    nn.init.orthogonal_(squeeze.weight)
    new_model.head = nn.Linear(width, n) if width == model.num_features else nn.Sequential(squeeze, nn.Linear(width, n))
    new_model.head.to(next(model.features.parameters()).dtype)
    left = budget - n * (width + 1)
    for parameter in reversed(list(new_model.features.parameters())):
        if parameter.numel() <= left:
            parameter.requires_grad_(True)
            left -= parameter.numel()
    return new_model
