# row: 35
# about: makes files without end
# verdicts: cell-files

# %% before
for number in range(10**7):
    open(f'f{number}', 'w').close()
