# about: 복사본을 바꾸어 돌려준다
# question: q8
# hand: 40% the returned model is right, the given one stays as it was
# loses: test_q8_earlier_blocks_stay_bit_for_bit
# loses: test_q8_both_ends_of_k
# loses: test_q8_can_be_called_again

# %% q8
def unfreeze_last(model, k):
    model = copy.deepcopy(model)
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[: max(len(model.blocks) - k, 0)]:
        freeze(block)
    return model
