# row: 1
# about: opens the hidden test file by its path
# without: landlock uid_drop

# %% after
attempt(lambda: open(SUITE).read())
