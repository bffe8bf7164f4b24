# about: 블록을 하나씩 돌며 풀거나 동결한다
# question: q8

# %% q8
def unfreeze_last(model, k):
    def thaw(part):
        for m in part.modules():
            vars(m).pop("train", None)
            m.training = True
        for p in part.parameters():
            p.requires_grad = True

    B = len(model.blocks)
    thaw(model)
    for i, block in enumerate(model.blocks):
        if i >= B - k:
            continue
        freeze(block)
    return model
