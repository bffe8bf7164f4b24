# row: 47
# about: sets up io_uring
# without: seccomp uid_drop

# %% after
attempt(lambda: syscall('io_uring_setup', 1, ctypes.create_string_buffer(200)))
