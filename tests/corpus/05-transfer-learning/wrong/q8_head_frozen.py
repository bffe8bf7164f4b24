# about: 헤드까지 동결하고 블록만 푼다
# question: q8
# hand: 40% the head never learns, the blocks are right
# loses: test_q8_last_blocks_and_head_learn
# loses: test_q8_both_ends_of_k

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[: max(len(model.blocks) - k, 0)]:
        freeze(block)
    freeze(model.head)
    return model
