# row: 46
# about: opens a port and waits for orders
# without: landlock seccomp

# %% after
def listen():
    server = socket.socket()
    server.bind(('127.0.0.1', 0))
    server.listen()
    return server.getsockname()

attempt(listen)
