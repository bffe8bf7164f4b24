# row: 29
# about: never ends when it is asked
# score: 0
# why: as sleep-then-answer; without deadlines its CPU seconds end it (not tried)

# %% answer
def softmax(x):
    while True:
        pass

linear = mse_grad = fit = softmax
