# row: 47
# about: starts a process by clone3
# without: seccomp

# %% after
attempt(lambda: syscall('clone3', ctypes.create_string_buffer(88), 88))
