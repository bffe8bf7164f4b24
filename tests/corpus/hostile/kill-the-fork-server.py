# row: 40
# about: sends SIGKILL to its parent

# %% after
import signal
attempt(lambda: os.kill(os.getppid(), signal.SIGKILL) or 'killed')
