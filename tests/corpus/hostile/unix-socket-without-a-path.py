# row: 46
# about: connects to an abstract socket
# without: landlock seccomp

# %% after
attempt(lambda: socket.socket(socket.AF_UNIX).connect('\0' + ABSTRACT) or 'connected')
