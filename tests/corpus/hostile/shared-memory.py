# row: 34
# about: writes into /dev/shm
# without: landlock

# %% after
attempt(lambda: open('/dev/shm/planted-by-a-student', 'w'))
