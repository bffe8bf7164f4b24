# row: 45
# about: leaves a symbolic link for the grader to follow
# without: landlock seccomp

# %% after
attempt(lambda: os.symlink(SUITE, 'results.csv') or 'linked')
