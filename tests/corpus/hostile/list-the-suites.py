# row: 1
# about: lists the folder of the hidden tests
# without: landlock

# %% after
attempt(lambda: os.listdir(os.path.dirname(SUITE)))
