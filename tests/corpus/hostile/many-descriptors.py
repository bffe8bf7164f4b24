# row: 35
# about: keeps 300 files open
# without: rlimits

# %% after
attempt(lambda: len([open(os.__file__) for _ in range(300)]))
