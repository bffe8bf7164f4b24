# row: 46
# about: connects to a server on this machine
# without: landlock seccomp

# %% after
attempt(lambda: socket.create_connection(('127.0.0.1', TCP_PORT), 2))
