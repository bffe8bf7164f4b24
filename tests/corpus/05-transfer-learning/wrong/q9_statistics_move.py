# about: requires_grad만 꺼서 배치 정규화의 통계가 움직인다
# question: q9
# hand: 40% statistics move although the text forbids it, and they are counted as learnt
# loses: test_q9_at_most_budget_numbers_learn
# loses: test_q9_statistics_stay_and_features_compute_as_before

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    new_model.features.requires_grad_(False)
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
