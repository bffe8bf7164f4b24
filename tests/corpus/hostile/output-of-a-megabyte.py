# row: 36
# about: prints and writes a megabyte
# verdicts: output-truncated
# without: output

# %% after
print('x' * (1 << 20))
os.write(1, b'y' * (1 << 20))
