# about: 기울기를 0으로 만드는 훅을 달아, 가중치 감쇠가 파라미터를 줄인다
# question: q1
# hand: 30% weight decay moves the parameters of any optimizer, a case the text spells out
# loses: test_q1_an_earlier_optimizer_moves_nothing

# %% q1
def freeze(module):
    for p in module.parameters():
        p.register_hook(lambda g: torch.zeros_like(g))
        p.grad = None
    module.eval()
    module.train = lambda mode=True: module
    return module
