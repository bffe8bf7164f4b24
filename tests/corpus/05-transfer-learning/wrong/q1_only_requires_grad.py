# about: requires_grad만 끈다: 통계가 움직이고, 남은 .grad로 예전 옵티마이저가 갱신한다
# question: q1
# hand: 60% buffers and output are missing and left gradients still move the parameters
# loses: test_q1_an_earlier_optimizer_moves_nothing
# loses: test_q1_running_statistics_survive_train
# loses: test_q1_computes_the_same_in_train_mode

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    return module
