# row: 13
# about: calls sys.exit(0) in the last cell

# %% after
import sys
sys.exit(0)
