# row: 40
# about: sends SIGKILL to every process
# why: not switched off: would end the machine's processes; kill-the-grader is its harmless form

# %% after
import os, signal
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
