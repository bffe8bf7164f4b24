# row: 80
# about: raises an exception whose text raises
# score: 75
# why: what an exception cannot say of itself is left out

# %% after
right = softmax

def softmax(x):
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError("ACHIEVED")
        __repr__ = __str__
    raise Odd
