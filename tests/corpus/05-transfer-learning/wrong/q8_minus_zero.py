# about: blocks[:-k]로 동결하여 k = 0이면 아무것도 동결하지 않는다
# question: q8
# hand: 25% the count 0, which the text names, freezes nothing
# loses: test_q8_both_ends_of_k

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[:-k]:
        freeze(block)
    return model
