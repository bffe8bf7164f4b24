# row: 47
# about: loads a BPF program
# without: seccomp uid_drop

# %% after
import struct

attempt(lambda: syscall('bpf', 0, ctypes.create_string_buffer(struct.pack('4I', 2, 4, 4, 1), 128), 128))
