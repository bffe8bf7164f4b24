# about: .grad를 None이 아니라 0으로 채워 모멘텀과 가중치 감쇠가 남는다
# question: q1
# hand: 25% momentum and decay of an old optimizer move the parameters, a case the text spells out
# loses: test_q1_an_earlier_optimizer_moves_nothing

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        if p.grad is not None:
            p.grad.zero_()
    module.eval()
    module.train = lambda mode=True: module
    return module
