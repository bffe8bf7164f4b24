# row: 14
# about: ends the process in a cell of its own
# verdicts: cell-died
# without: process

# %% before
import os
os._exit(0)
