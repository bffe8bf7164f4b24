# row: 47
# about: reads the kernel's keyring
# without: seccomp

# %% after
attempt(lambda: syscall('keyctl', 0, -3, 1))
