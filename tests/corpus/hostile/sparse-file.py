# row: 35
# about: makes a file of 1 TB with nothing in it
# without: rlimits

# %% after
attempt(lambda: os.truncate(os.open('sparse', os.O_CREAT | os.O_WRONLY), 1 << 40) or 'made')
