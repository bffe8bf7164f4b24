# row: 38
# about: calls itself without end, with the limit lifted
# score: 0

# %% answer
import sys
sys.setrecursionlimit(10**9)

def softmax(x):
    return softmax(x)

linear = mse_grad = fit = lambda *args: softmax(args)
