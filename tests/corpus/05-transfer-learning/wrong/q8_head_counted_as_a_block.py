# about: 헤드를 블록 하나로 세어 하나 적게 푼다
# question: q8
# hand: 50% one block too few is released for every ordinary count
# loses: test_q8_last_blocks_and_head_learn
# loses: test_q8_both_ends_of_k

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[: max(len(model.blocks) - k + 1, 0)]:
        freeze(block)
    return model
