# row: 85
# about: allocates a file's blocks at once, faster than the scratch folder is looked at
# without: seccomp

# %% after
handle = os.open('big', os.O_CREAT | os.O_RDWR)
attempt(lambda: syscall('fallocate', handle, 0, ctypes.c_long(0), ctypes.c_long(8 << 20)))
