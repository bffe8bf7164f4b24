# row: 29
# about: sleeps past its deadline and then answers
# score: 75
# without: deadlines

# %% after
import time
right = softmax

def softmax(x):
    time.sleep(2.5)
    return right(x)
