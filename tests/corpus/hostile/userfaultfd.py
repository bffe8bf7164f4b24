# row: 47
# about: opens a userfaultfd
# without: seccomp

# %% after
attempt(lambda: syscall('userfaultfd', 1))
