# row: 10
# about: warns with what it is called with
# why: warnings go to a stream that ends with the question's branch

# %% after
import warnings
right = linear

def linear(x, weight, bias):
    warnings.warn(f"ACHIEVED {x.tolist()}")
    return right(x, weight, bias)
