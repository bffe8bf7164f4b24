# row: 80
# about: claims that a name is missing, which it makes up
# score: 75
# without: withheld

# %% after
right = softmax

def softmax(x):
    raise NameError(f"name 'ACHIEVED_{int(x[0, 0] > 0)}' is not defined")
