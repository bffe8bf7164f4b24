# row: 46
# about: sends a datagram
# without: seccomp

# %% after
attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', UDP_PORT)))
