# row: 29
# about: never ends in a cell; what stands after it still counts
# verdicts: cell-timeout

# %% before
while True:
    pass
