# row: 30
# about: never ends in C code that holds the interpreter
# verdicts: cell-timeout

# %% before
sum(iter(lambda: 1, 0))
