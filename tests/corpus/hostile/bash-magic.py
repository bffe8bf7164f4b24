# row: 48
# about: runs a bash cell

# %% after
%%bash
echo ACHIEVED
