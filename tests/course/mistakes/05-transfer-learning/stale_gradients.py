# ruff: noqa
# stale gradients
# question: q1
# says: 남아 있던 .grad를 그대로 두었습니다


def freeze(module):
    module.requires_grad_(False)
    module.eval()
    module.train = lambda mode=True: module
    return module
