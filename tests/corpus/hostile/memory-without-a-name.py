# row: 34
# about: makes memory files that no limit counts
# without: seccomp

# %% after
attempt(lambda: os.memfd_create('x'))
