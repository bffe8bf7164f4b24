# row: 31
# about: forks without end

# %% after
attempt(lambda: [os.fork() for _ in range(20)])
