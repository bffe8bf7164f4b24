# row: 39
# about: reads from address 0 in a cell
# verdicts: cell-died

# %% before
import ctypes
ctypes.string_at(0)
