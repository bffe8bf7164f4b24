# row: 80
# about: names the hidden input in the cause of an exception
# score: 75
# why: causes do not cross: a kind, a line and a text do, and the text is for staff

# %% after
right = softmax

def softmax(x):
    try:
        raise KeyError(f"ACHIEVED {x.tolist()}")
    except KeyError as cause:
        raise ValueError("wrong") from cause
