# row: 48
# about: installs a package

# %% after
%pip install whydl
