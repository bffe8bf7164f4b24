# row: 39
# about: reads from address 0 in a cell
# verdicts: cell-died
# why: ends its own process; abort shows what a shared one would mean

# %% before
import ctypes
ctypes.string_at(0)
