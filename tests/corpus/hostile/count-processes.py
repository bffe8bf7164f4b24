# row: 95
# about: asks for the groups of all processes, to count what the machine does
# without: seccomp

# %% after
def count():
    found = 0
    for pid in range(1, 5000):
        try:
            found += os.getpgid(pid) > 0 and pid != os.getpid()
        except OSError:
            pass
    if not found:
        raise PermissionError
    return found

attempt(count)
