# row: 36
# about: prints without end
# verdicts: cell-timeout output-truncated

# %% before
while True:
    print('x' * 10000)
