# ruff: noqa
# tensors counted
# question: q3
# says: 텐서의 수를 세었습니다


def trainable_params(model):
    params, _ = reference(model)
    return params, len(params)
