# about: 블록이 아니라 파라미터 텐서를 뒤에서부터 k개 푼다
# question: q8
# hand: 65% tensors in place of blocks, and no statistics move
# loses: test_q8_last_blocks_and_head_learn
# loses: test_q8_both_ends_of_k

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    freeze(model.features)
    params = list(model.features.parameters())
    for p in params[max(len(params) - k, 0) :]:
        p.requires_grad_(True)
    return model
