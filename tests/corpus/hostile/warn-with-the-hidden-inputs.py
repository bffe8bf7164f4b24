# row: 10
# about: warns with what it is called with

# %% after
import warnings
right = linear

def linear(x, weight, bias):
    warnings.warn(f"ACHIEVED {x.tolist()}")
    return right(x, weight, bias)
