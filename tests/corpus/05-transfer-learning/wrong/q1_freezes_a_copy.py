# about: 복사본을 동결하여 돌려준다
# question: q1
# hand: 70% the module that was given is not frozen at all, although the steps are mostly known
# loses: test_q1_parameters_stay_bit_for_bit
# loses: test_q1_an_earlier_optimizer_moves_nothing
# loses: test_q1_running_statistics_survive_train
# loses: test_q1_computes_the_same_in_train_mode
# loses: test_q1_leaves_the_rest_alone_and_returns_the_module

# %% q1
def freeze(module):
    frozen = copy.deepcopy(module)
    for p in frozen.parameters():
        p.requires_grad_(False)
    frozen.eval()
    frozen.train = lambda mode=True: frozen
    return frozen
