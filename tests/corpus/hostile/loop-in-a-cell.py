# row: 29
# about: never ends in a cell; what stands after it still counts
# verdicts: cell-timeout
# why: as sleep-then-answer; without deadlines its CPU seconds end it (not tried)

# %% before
while True:
    pass
