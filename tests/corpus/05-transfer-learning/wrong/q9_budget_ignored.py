# about: 예산과 상관없이 특성 부분을 동결하고 헤드만 배운다
# question: q9
# hand: 65% budget, smaller head and waste are missing, a frozen copy with a head of its own is there
# loses: test_q9_at_most_budget_numbers_learn
# loses: test_q9_no_budget_is_left_unused
# loses: test_q9_statistics_stay_and_features_compute_as_before
# loses: test_q9_is_a_model_of_its_own_with_n_classes
# loses: test_q9_learns_vowels_within_budget

# %% q9
def within_budget(model, n, budget):
    new_model = replace_head(model, n)
    freeze(new_model.features)
    return new_model
