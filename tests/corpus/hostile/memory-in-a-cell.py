# row: 33
# about: takes memory without end
# score: 100

# %% before
kept = []
while True:
    kept.append(np.empty(64 << 20, 'u1'))
