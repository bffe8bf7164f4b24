# row: 33
# about: takes memory without end
# score: 100
# why: not switched off: would take the machine down; memory-beyond-the-limit is its bounded form

# %% before
kept = []
while True:
    kept.append(np.empty(64 << 20, 'u1'))
