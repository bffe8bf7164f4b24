# about: 모델을 통째로 동결하고 특성 부분만 다시 푼다
# question: q9
# hand: 65% the head never learns and is never reduced, the statistics stay
# loses: test_q9_at_most_budget_numbers_learn
# loses: test_q9_no_budget_is_left_unused
# loses: test_q9_learns_vowels_within_budget

# %% q9
def within_budget(model, n, budget):
    new_model = freeze(replace_head(model, n))
    left = budget
    for parameter in reversed(list(new_model.features.parameters())):
        if parameter.numel() <= left:
            parameter.requires_grad_(True)
            left -= parameter.numel()
    return new_model
