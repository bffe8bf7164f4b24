# assignment: 03-optimizers
# about: 마지막 셀에서 작업 폴더를 떠난 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import os

os.chdir("/")
