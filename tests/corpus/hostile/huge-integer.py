# row: 42
# about: computes a number of a billion digits
# verdicts: cell-timeout

# %% before
number = 7 ** (10 ** 9)
