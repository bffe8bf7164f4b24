# about: 원소가 아니라 텐서의 수를 센다
# question: q3
# hand: 40% the list is right, the count is of tensors
# loses: test_q3_counts_numbers_not_tensors

# %% q3
def trainable_params(model):
    params = [p for p in model.parameters() if p.requires_grad]
    return params, len(params)
