# ruff: noqa
# only requires grad
# question: q1
# says: 배치 정규화가 훈련 모드로 계산했습니다


def freeze(module):
    module.requires_grad_(False)
    return module
