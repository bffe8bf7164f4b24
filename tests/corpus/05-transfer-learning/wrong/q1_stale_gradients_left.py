# about: 동결할 때 남아 있던 .grad를 지우지 않는다
# question: q1
# hand: 25% gradients left at the freezing move the parameters, a case the text spells out
# loses: test_q1_an_earlier_optimizer_moves_nothing

# %% q1
def freeze(module):
    module.requires_grad_(False)
    module.eval()
    module.train = lambda mode=True: module
    return module
