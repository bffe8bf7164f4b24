# about: 블록을 통째로만 풀어 예산이 남는다
# question: q9
# hand: 20% the budget is kept, but what fits is left frozen
# loses: test_q9_no_budget_is_left_unused

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    freeze(new_model.features)
    width = min(model.num_features, budget // n - 1)
    if width < model.num_features:
        squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
        nn.init.orthogonal_(squeeze.weight)
        new_model.head = nn.Sequential(squeeze, nn.Linear(width, n)).to(model.head.weight.dtype)
    left = budget - n * (width + 1)
    for block in reversed(new_model.blocks):
        size = sum(p.numel() for p in block.parameters())
        if size > left:
            break
        block.requires_grad_(True)
        left -= size
    return new_model
