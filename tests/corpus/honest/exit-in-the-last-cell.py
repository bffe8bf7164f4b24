# assignment: 04-gpu-speedup
# about: 마지막 셀에서 파이썬을 끝낸 학생.
# expect: 100
# says: cell-died

# %% drop experiments

# %% after q10-check
os._exit(0)
