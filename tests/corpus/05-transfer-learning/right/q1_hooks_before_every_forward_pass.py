# about: 순전파 직전의 훅에서 평가 모드로 되돌린다
# question: q1

# %% q1
def freeze(module):
    def stay(m, inputs):
        m.eval()

    for m in module.modules():
        m.register_forward_pre_hook(stay)
    for p in module.parameters():
        p.requires_grad, p.grad = False, None
    return module
