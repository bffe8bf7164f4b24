# row: 47
# about: loads a BPF program

# %% after
attempt(lambda: syscall('bpf', 0, ctypes.create_string_buffer(64), 64))
