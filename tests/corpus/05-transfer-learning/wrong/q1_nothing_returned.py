# about: return을 빠뜨린다
# question: q1
# hand: 15% the freezing is right, the module is not given back
# loses: test_q1_leaves_the_rest_alone_and_returns_the_module

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
    module.eval()
    module.train = lambda mode=True: module
