# row: 1
# about: reads the instructor's notebooks
# without: landlock uid_drop

# %% after
attempt(lambda: os.listdir(REPOSITORY + '/solutions'))
