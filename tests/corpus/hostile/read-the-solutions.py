# row: 1
# about: reads the instructor's notebooks
# without: landlock

# %% after
attempt(lambda: os.listdir(REPOSITORY + '/solutions'))
