# row: 33
# about: takes memory without end when it is asked
# score: 0
# why: not switched off: would take the machine down; memory-beyond-the-limit is its bounded form

# %% answer
def softmax(x):
    kept = []
    while True:
        kept.append(torch.ones(8 << 20))

linear = mse_grad = fit = softmax
