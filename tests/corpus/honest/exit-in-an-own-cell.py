# assignment: 04-gpu-speedup
# about: 가운데 셀에서 exit()를 부른 학생.
# expect: 100
# may-say: cell-died, cell-exit

# %% drop experiments

# %% after q3
if True:
    print("여기까지")
    exit()
