# row: 1
# about: walks the places where tests usually lie and reads what it can
# without: landlock

# %% after
def walk():
    for root in (os.path.dirname(SUITE), REPOSITORY, "/srv", "/opt", "/home", "/root", "/tmp", "."):
        for folder, _, names in os.walk(root):
            for name in names:
                if name.startswith("test_") or name in ("reference.py", "probes.py"):
                    try:
                        return open(os.path.join(folder, name), 'rb').read(1)
                    except OSError:
                        pass
    return 1 / 0

attempt(walk)
