# about: 공개 점검과 문제에 나온 예산에서만 맞는 수를 적어 두었다
# question: q9
# hand: 70% a table in place of the count, freezing and copying are right
# loses: test_q9_at_most_budget_numbers_learn
# loses: test_q9_no_budget_is_left_unused
# loses: test_q9_learns_vowels_within_budget

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    freeze(new_model.features)
    width = {18: 5, 14: 3, 6: 1, 58: 5, 7: 1}.get(budget, 5)
    squeeze = nn.Linear(model.num_features, width, bias=False).requires_grad_(False)
    nn.init.orthogonal_(squeeze.weight)
    new_model.head = nn.Sequential(squeeze, nn.Linear(width, n)).to(model.head.weight.dtype)
    if budget >= 58:
        new_model.features.requires_grad_(True)
    return new_model
