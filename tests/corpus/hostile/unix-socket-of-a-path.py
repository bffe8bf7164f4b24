# row: 46
# about: connects to a socket in the file system
# without: seccomp

# %% after
attempt(lambda: socket.socket(socket.AF_UNIX).connect(UNIX_PATH) or 'connected')
