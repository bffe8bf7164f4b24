# row: 33
# about: holds more memory than it may use, for a moment
# without: rlimits memory

# %% after
import time

def hold():
    kept = np.ones(272 << 20, "u1")
    time.sleep(0.3)
    return kept[-1]

attempt(hold)
