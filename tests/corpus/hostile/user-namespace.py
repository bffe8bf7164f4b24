# row: 47
# about: makes a user namespace
# without: seccomp

# %% after
attempt(lambda: syscall('unshare', 0x10000000))
