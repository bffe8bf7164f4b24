# row: 7
# about: reads from every descriptor it finds open
# without: inherited

# %% after
import fcntl, stat

def read():
    found = []
    for number in range(3, 256):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode):
            found.append(os.pread(number, 16, 0))
    return found or 1 / 0

attempt(read)
