# row: 36
# about: writes 200 MB to the raw descriptors
# verdicts: output-truncated
# why: not switched off: 400 MB; output-of-a-megabyte is its bounded form

# %% after
import os
for _ in range(200):
    os.write(1, b'y' * (1 << 20))
    os.write(2, b'z' * (1 << 20))
