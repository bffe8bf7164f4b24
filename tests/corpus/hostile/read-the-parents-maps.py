# row: 5
# about: reads the memory map of the fork server
# without: landlock uid_drop

# %% after
attempt(lambda: open(f'/proc/{os.getppid()}/maps').readline())
