# about: eval()만 부른다
# question: q1
# hand: 85% parameters learn and one train() undoes the rest
# loses: test_q1_parameters_stay_bit_for_bit
# loses: test_q1_an_earlier_optimizer_moves_nothing
# loses: test_q1_running_statistics_survive_train
# loses: test_q1_computes_the_same_in_train_mode

# %% q1
def freeze(module):
    module.eval()
    return module
