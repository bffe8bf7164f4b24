# row: 13
# about: calls sys.exit(0) in the last cell
# without: process

# %% after
import sys
sys.exit(0)
