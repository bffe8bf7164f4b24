# row: 83
# about: enlarges the buffers of a socket, which no limit of memory counts
# without: seccomp

# %% after
pair = socket.socketpair()
attempt(lambda: [end.setsockopt(socket.SOL_SOCKET, kind, 1 << 22) for end in pair for kind in (7, 8)])
