# assignment: 03-optimizers
# about: 재귀를 살펴보느라 한도를 낮게 두고 되돌리지 않은 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import sys

sys.setrecursionlimit(120)
