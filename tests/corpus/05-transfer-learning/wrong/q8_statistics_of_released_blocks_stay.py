# about: 풀린 블록의 requires_grad만 켜서 통계는 동결된 채로 남는다
# question: q8
# hand: 35% released blocks learn, but their statistics never do
# loses: test_q8_last_blocks_and_head_learn

# %% q8
def unfreeze_last(model, k):
    freeze(model.features)
    first = max(len(model.blocks) - k, 0)
    for block in model.blocks[first:]:
        block.requires_grad_(True)
    model.head.requires_grad_(True)
    return model
