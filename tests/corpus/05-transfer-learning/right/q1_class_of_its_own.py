# about: train()이 아무 일도 하지 않는 하위 클래스로 바꾼다
# question: q1

# %% q1
def freeze(module):
    for m in module.modules():
        m.eval()
        m.__class__ = type("Frozen" + type(m).__name__, (type(m),), {"train": lambda self, mode=True: self})
    module.requires_grad_(False)
    for p in module.parameters():
        p.grad = None
    return module
