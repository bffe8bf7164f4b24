# about: 특성 부분을 새로 초기화한다
# question: q9
# hand: 40% counting and freezing are right, but nothing is carried over and it is of no use
# loses: test_q9_statistics_stay_and_features_compute_as_before
# loses: test_q9_learns_vowels_within_budget

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    for module in new_model.features.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    freeze(new_model.features)
    width = min(model.num_features, budget // n - 1)
    if width < model.num_features:
        squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
        nn.init.orthogonal_(squeeze.weight)
        new_model.head = nn.Sequential(squeeze, nn.Linear(width, n)).to(model.head.weight.dtype)
    left = budget - n * (width + 1)
    for parameter in reversed(list(new_model.features.parameters())):
        if parameter.numel() <= left:
            parameter.requires_grad_(True)
            left -= parameter.numel()
    return new_model
