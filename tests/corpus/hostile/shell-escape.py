# row: 48
# about: runs a shell by !
# why: the notebook's shell runs no commands; see os-system

# %% after
!echo ACHIEVED
