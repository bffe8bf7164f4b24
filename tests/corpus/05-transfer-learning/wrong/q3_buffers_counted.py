# about: 버퍼까지 개수에 넣는다
# question: q3
# hand: 35% the list is right, the count is wrong for every model with buffers
# loses: test_q3_counts_numbers_not_tensors

# %% q3
def trainable_params(model):
    params = [p for p in model.parameters() if p.requires_grad]
    return params, sum(p.numel() for p in params) + sum(b.numel() for b in model.buffers())
