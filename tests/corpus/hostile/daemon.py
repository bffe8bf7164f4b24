# row: 32
# about: forks twice and leaves the session to outlive the grader
# without: seccomp | seccomp kill

# %% after
def leave():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            import time
            time.sleep(60)
        os._exit(0)
    return True

attempt(leave)
