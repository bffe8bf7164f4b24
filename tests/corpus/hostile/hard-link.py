# row: 45
# about: makes a hard link to a file outside
# without: landlock uid_drop

# %% after
attempt(lambda: os.link(os.__file__, 'hard') or 'linked')
