# row: 45
# about: leaves a pipe at which a reader would wait for ever
# without: landlock seccomp

# %% after
attempt(lambda: os.mkfifo('pipe') or 'made')
