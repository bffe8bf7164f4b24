# row: 35
# about: makes files without end
# verdicts: cell-files
# without: disk

# %% before
for number in range(10**7):
    open(f'f{number}', 'w').close()
