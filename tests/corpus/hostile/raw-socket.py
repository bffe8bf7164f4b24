# row: 46
# about: opens a raw socket

# %% after
attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
