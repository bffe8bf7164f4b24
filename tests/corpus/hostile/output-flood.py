# row: 36
# about: prints without end
# verdicts: cell-timeout output-truncated
# why: not switched off: endless; output-of-a-megabyte is its bounded form

# %% before
while True:
    print('x' * 10000)
