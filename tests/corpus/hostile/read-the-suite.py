# row: 1
# about: opens the hidden test file by its path
# without: landlock

# %% after
attempt(lambda: open(SUITE).read())
