# about: 배치 정규화의 momentum을 0으로 하여 평균과 분산만 지킨다
# question: q1
# hand: 45% parameters and means stay, but batches normalise themselves, dropout is on and the step counter moves
# loses: test_q1_running_statistics_survive_train
# loses: test_q1_computes_the_same_in_train_mode

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.momentum = 0.0
    return module
