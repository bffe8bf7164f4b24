# about: 문제 1의 함수를 쓰지 않고, 앞쪽 블록에 훅을 달았다 뗀다
# question: q8

# %% q8
def unfreeze_last(model, k):
    for handle in getattr(model, "_handles", []):
        handle.remove()
    for m in model.modules():
        m.__dict__.pop("train", None)
    model._handles = []
    model.train().requires_grad_(True)
    early = list(model.blocks)[::-1][k:]
    for block in early:
        block.zero_grad()
        block.requires_grad_(False)
        model._handles += [m.register_forward_pre_hook(lambda m, _: (m.eval(), None)[1]) for m in block.modules()]
    return model
