# row: 45
# about: leaves folders nested 2,000 deep
# verdicts: cell-files
# without: disk

# %% after
for _ in range(2000):
    os.mkdir('d')
    os.chdir('d')
