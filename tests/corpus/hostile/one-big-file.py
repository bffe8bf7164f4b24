# row: 35
# about: writes one file without end
# why: not switched off: would fill the disk; nested-folders and many-files are bounded

# %% before
with open('big', 'wb') as file:
    while True:
        file.write(bytes(1 << 20))
