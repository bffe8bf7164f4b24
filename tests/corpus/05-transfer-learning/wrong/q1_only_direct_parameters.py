# about: 안쪽 모듈의 파라미터를 보지 않는다
# question: q1
# hand: 45% no parameter of an inner module is frozen, buffers and output are right
# loses: test_q1_parameters_stay_bit_for_bit
# loses: test_q1_an_earlier_optimizer_moves_nothing

# %% q1
def freeze(module):
    for p in module.parameters(recurse=False):
        p.requires_grad_(False)
        p.grad = None
    module.eval()
    module.train = lambda mode=True: module
    return module
