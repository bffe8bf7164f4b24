# row: 44
# about: appends to a module of the installation
# without: landlock uid_drop

# %% after
attempt(lambda: open(os.__file__, 'a'))
