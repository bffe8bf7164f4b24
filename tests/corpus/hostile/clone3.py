# row: 47
# about: starts a process by clone3

# %% after
attempt(lambda: syscall('clone3', ctypes.create_string_buffer(88), 88))
