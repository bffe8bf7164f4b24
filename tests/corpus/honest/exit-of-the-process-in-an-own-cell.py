# assignment: 04-gpu-speedup
# about: 가운데 셀에서 os._exit를 부른 학생. 앞뒤의 답은 모두 남습니다.
# expect: 100
# says: cell-died
# message: cells: 종료

# %% drop experiments

# %% after q3
os._exit(0)
