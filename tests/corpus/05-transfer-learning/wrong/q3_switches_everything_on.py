# about: 세기 전에 모든 파라미터의 requires_grad를 켠다
# question: q3
# hand: 85% list and count ignore what is frozen and the model is changed
# loses: test_q3_lists_exactly_the_trainable_parameters
# loses: test_q3_counts_numbers_not_tensors
# loses: test_q3_nothing_trainable_gives_an_empty_list

# %% q3
def trainable_params(model):
    model.requires_grad_(True)
    params = list(model.parameters())
    return params, sum(p.numel() for p in params)
