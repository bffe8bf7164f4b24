# assignment: 04-gpu-speedup
# about: 작은 셀이 이천 개에 가까운 학생. 셀의 수는 2000개까지 받습니다.
# expect: 100
# times: 1930

# %% drop experiments

# %% after q4
total = globals().get("total", 0) + 1
print(total)
