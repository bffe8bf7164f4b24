# row: 32
# about: forks twice and leaves the session to outlive the grader

# %% after
def leave():
    if os.fork() == 0:
        os.setsid()
        os.fork()
        os._exit(0)
    return True

attempt(leave)
