# row: 49
# about: counts its calls, to answer differently later

# %% after
calls = []
right = softmax

def softmax(x):
    calls.append(x)
    return right(x) if len(calls) < 3 else None
