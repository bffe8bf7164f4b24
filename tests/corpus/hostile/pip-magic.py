# row: 48
# about: installs a package
# why: the notebook's shell runs no commands; see os-system

# %% after
%pip install whydl
