# about: k가 블록의 수보다 크면 음수 번호로 앞쪽이 동결된다
# question: q8
# hand: 15% a count above the number of blocks, which the text names, is wrong
# loses: test_q8_both_ends_of_k

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[: len(model.blocks) - k]:
        freeze(block)
    return model
