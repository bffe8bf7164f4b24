# about: 앞쪽 블록의 requires_grad만 꺼서 통계가 움직인다
# question: q8
# hand: 40% statistics of frozen blocks move, half of what freezing is
# loses: test_q8_earlier_blocks_stay_bit_for_bit
# loses: test_q8_can_be_called_again

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    model.requires_grad_(True)
    model.train()
    for block in model.blocks[: max(len(model.blocks) - k, 0)]:
        block.requires_grad_(False)
    return model
