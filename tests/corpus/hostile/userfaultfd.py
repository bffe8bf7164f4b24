# row: 47
# about: opens a userfaultfd

# %% after
attempt(lambda: syscall('userfaultfd', 1))
