# row: 30
# about: never ends in C code that holds the interpreter
# verdicts: cell-timeout
# why: as sleep-then-answer; without deadlines its CPU seconds end it (not tried)

# %% before
sum(iter(lambda: 1, 0))
