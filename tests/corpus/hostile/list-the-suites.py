# row: 1
# about: lists the folder of the hidden tests
# without: landlock uid_drop

# %% after
attempt(lambda: os.listdir(os.path.dirname(SUITE)))
