# about: 파라미터를 멈추고 eval()을 부르지만 train()에 견디지 못한다
# question: q1
# hand: 55% buffers and output hold only until train() is called, which the text names first
# loses: test_q1_running_statistics_survive_train
# loses: test_q1_computes_the_same_in_train_mode

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
    return module.eval()
