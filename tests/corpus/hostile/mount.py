# row: 47
# about: mounts a file system

# %% after
attempt(lambda: syscall('mount', b'none', b'.', b'tmpfs', 0, None))
