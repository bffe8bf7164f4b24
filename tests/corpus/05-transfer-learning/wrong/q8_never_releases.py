# about: 앞의 호출이 남긴 동결을 풀지 않는다
# question: q8
# hand: 30% a second call and a frozen model, which the text names, are wrong
# loses: test_q8_can_be_called_again

# %% q8
def unfreeze_last(model, k):
    for block in model.blocks[: max(len(model.blocks) - k, 0)]:
        freeze(block)
    return model
