# row: 81
# about: asks for a stand-in without end
# score: 0
# why: asks are counted, their CPU seconds too, and the asker's own go on

# %% answer
def softmax(x):
    return x

def linear(x, w, b):
    while True:
        try:
            softmax(torch.zeros(1000, 1000))
        except Exception:
            pass
