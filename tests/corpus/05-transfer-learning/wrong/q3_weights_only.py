# about: 가중치만 담고 편향은 담지 않는다
# question: q3
# hand: 60% list and count miss parameters of every ordinary layer
# loses: test_q3_lists_exactly_the_trainable_parameters
# loses: test_q3_counts_numbers_not_tensors

# %% q3
def trainable_params(model):
    params = [p for name, p in model.named_parameters() if p.requires_grad and name.endswith("weight")]
    return params, sum(p.numel() for p in params)
