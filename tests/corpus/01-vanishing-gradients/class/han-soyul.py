# about: 받은 노트북을 그대로 낸 학생
# expect: 0

# %% drop experiments

# %% blank q1

# %% blank q2

# %% blank q3

# %% blank q4

# %% blank q5

# %% blank q6

# %% blank q7

# %% blank q8

# %% blank reflection
