# ruff: noqa
# only gradients of early blocks
# question: q8
# says: requires_grad만 끄면 통계는 멈추지 않습니다


def unfreeze_last(model, k):
    model = reference(model, len(model.blocks))
    for block in model.blocks[: max(len(model.blocks) - k, 0)]:
        block.requires_grad_(False)
    return model
