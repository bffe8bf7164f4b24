# row: 46
# about: opens a raw socket
# without: seccomp uid_drop

# %% after
attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
