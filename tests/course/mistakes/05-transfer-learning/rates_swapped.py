# ruff: noqa
# rates swapped
# question: q6
# says: 두 학습률이 서로 바뀌었습니다


def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    return reference(model, x, y, steps, lr_head, lr_backbone, batch)
