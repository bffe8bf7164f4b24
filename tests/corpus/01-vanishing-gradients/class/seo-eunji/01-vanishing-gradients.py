# about: 두 대의 컴퓨터에서 나누어 푼 학생의 첫째 노트북, 문제 5까지만 있음
# expect: needs-staff

# %% drop experiments

# %% blank q6

# %% blank q7

# %% blank q8

# %% blank reflection
