# row: 39
# about: raises SIGILL on itself
# verdicts: cell-died
# why: ends its own process; abort shows what a shared one would mean

# %% before
import signal
signal.raise_signal(signal.SIGILL)
