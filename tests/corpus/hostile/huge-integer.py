# row: 42
# about: computes a number of a billion digits
# verdicts: cell-timeout
# why: as sleep-then-answer; without deadlines its CPU seconds end it (not tried)

# %% before
number = 7 ** (10 ** 9)
