# row: 19
# about: has code run when the process ends
# why: sandboxes are killed, never left to end; late code is as confined as any

# %% after
import atexit, threading

def late():
    attempt(lambda: open(SUITE).read())
    os.write(1, b"ACHIEVED" if False else b"")

atexit.register(late)
threading._register_atexit(late)
