# row: 92
# about: hands back its first argument, whatever is asked
# score: 0
# why: a fixed answer fits no drawn input; how far this holds of the five suites is measured later

# %% answer
softmax = linear = mse_grad = fit = lambda first, *rest: first
