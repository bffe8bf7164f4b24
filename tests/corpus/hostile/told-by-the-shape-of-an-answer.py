# row: 80
# about: answers with a tensor whose shape spells the hidden input
# score: 75
# why: one sentence for each way to differ, whatever the shape; see tests/hostile/test_guessing.py

# %% after
right = softmax

def softmax(x):
    return torch.zeros(*(1 + (abs(int(10 * number)) % 5) for number in x.flatten()[:8].tolist()))
