# row: 39
# about: aborts in a question
# score: 0
# without: process

# %% answer
import os

softmax = linear = mse_grad = fit = lambda *args: os.abort()
