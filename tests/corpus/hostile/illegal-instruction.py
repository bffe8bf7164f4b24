# row: 39
# about: raises SIGILL on itself
# verdicts: cell-died

# %% before
import signal
signal.raise_signal(signal.SIGILL)
