# row: 48
# about: runs a bash cell
# why: the notebook's shell runs no commands; see os-system

# %% after
%%bash
echo ACHIEVED
