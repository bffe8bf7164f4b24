# row: 31
# about: forks without end
# why: not switched off: would take the machine down; daemon shows what denies the first fork

# %% after
attempt(lambda: [os.fork() for _ in range(20)])
