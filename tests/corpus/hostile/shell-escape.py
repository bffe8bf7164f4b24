# row: 48
# about: runs a shell by !

# %% after
!echo ACHIEVED
