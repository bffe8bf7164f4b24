# row: 19
# about: has code run when the process ends

# %% after
import atexit, threading

def late():
    attempt(lambda: open(SUITE).read())
    os.write(1, b"ACHIEVED" if False else b"")

atexit.register(late)
threading._register_atexit(late)
