# about: 리스트는 맞지만 개수는 모델 전체를 센다
# question: q3
# hand: 40% the list is right, the count ignores what is frozen
# loses: test_q3_counts_numbers_not_tensors
# loses: test_q3_nothing_trainable_gives_an_empty_list

# %% q3
def trainable_params(model):
    params = [p for p in model.parameters() if p.requires_grad]
    return params, sum(p.numel() for p in model.parameters())
