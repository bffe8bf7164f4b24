# ruff: noqa
# minus zero
# question: q8
# says: blocks[-0:]은 빈 리스트가 아니라 전체입니다


def unfreeze_last(model, k):
    model = reference(model, len(model.blocks))
    for block in model.blocks[:-k]:
        freeze(block)
    return model
