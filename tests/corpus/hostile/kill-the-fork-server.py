# row: 40
# about: sends SIGKILL to its parent
# why: not switched off: would end the server under test; kill-the-grader is its harmless form

# %% after
import signal
attempt(lambda: os.kill(os.getppid(), signal.SIGKILL) or 'killed')
