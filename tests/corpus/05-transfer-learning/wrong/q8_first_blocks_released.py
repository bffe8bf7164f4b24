# about: 마지막이 아니라 처음 k개 블록을 푼다
# question: q8
# hand: 60% the wrong end is released for every ordinary count
# loses: test_q8_last_blocks_and_head_learn
# loses: test_q8_earlier_blocks_stay_bit_for_bit

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[k:]:
        freeze(block)
    return model
