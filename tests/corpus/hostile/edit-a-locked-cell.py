# row: 58
# about: writes its own value over a name of a locked cell, in that cell
# verdicts: locked-cell-edited
# without: restored

# %% locked
import torch
np = print("ACHIEVED")
import matplotlib.pyplot as plt
