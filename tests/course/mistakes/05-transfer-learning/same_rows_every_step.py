# ruff: noqa
# same rows every step
# question: q6
# says: 번호를 반복문 밖에서 한 번만 섞었습니다


def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    return reference(model, x[:batch], y[:batch], steps, lr_backbone, lr_head, batch)
