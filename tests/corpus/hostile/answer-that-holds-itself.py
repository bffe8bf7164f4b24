# row: 38
# about: answers with a list that holds itself
# score: 0
# why: it cannot be sent by any limit

# %% answer
def softmax(x):
    ring = []
    ring.append(ring)
    return ring

linear = mse_grad = fit = lambda *args: softmax(args)
