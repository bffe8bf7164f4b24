# assignment: 03-optimizers
# about: 세 군데에서 파이썬을 끝낸 학생. 답은 모두 남습니다.
# expect: 100
# says: cell-died
# never: 남은 셀을 실행하지 못했습니다

# %% drop experiments

# %% after q1
os._exit(0)

# %% after q3
os._exit(1)

# %% after q5
os.abort()

# %% after q7
os._exit(2)
