# about: 동결한 파라미터까지 모두 담는다
# question: q3
# hand: 75% list and count ignore what the question is about
# loses: test_q3_lists_exactly_the_trainable_parameters
# loses: test_q3_counts_numbers_not_tensors
# loses: test_q3_nothing_trainable_gives_an_empty_list

# %% q3
def trainable_params(model):
    params = list(model.parameters())
    return params, sum(p.numel() for p in params)
