# row: 47
# about: mounts a file system
# why: not switched off: would change the machine's file systems

# %% after
attempt(lambda: syscall('mount', b'none', b'.', b'tmpfs', 0, None))
