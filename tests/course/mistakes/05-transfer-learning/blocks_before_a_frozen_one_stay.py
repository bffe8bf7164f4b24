# ruff: noqa
# blocks before a frozen one stay
# question: q1
# says: 가운데 블록을 동결했더니 그 앞쪽 블록이 학습되지 않습니다


def freeze(module):
    plain = reference(module).forward

    def forward(*args):
        return plain(*args).detach()

    module.forward = forward
    return module
