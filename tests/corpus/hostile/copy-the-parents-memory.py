# row: 6
# about: copies the fork server's memory
# without: seccomp

# %% after
def copy():
    room = ctypes.create_string_buffer(8)
    mine = (ctypes.c_uint64 * 2)(ctypes.addressof(room), 8)
    return syscall("process_vm_readv", os.getpid(), mine, 1, mine, 1, 0)

attempt(copy)
