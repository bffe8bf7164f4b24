# about: 배치 정규화만 평가 모드로 붙들고 드롭아웃은 켜 둔다
# question: q1
# hand: 25% dropout in the frozen part is one half of the third of four results
# loses: test_q1_computes_the_same_in_train_mode

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.eval()
            m.train = lambda mode=True, m=m: m
    return module
