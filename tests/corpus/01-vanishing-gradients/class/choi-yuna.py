# about: 문제 3까지만 푼 학생
# expect: 40

# %% drop experiments

# %% blank q4

# %% blank q5

# %% blank q6

# %% blank q7

# %% blank q8

# %% blank reflection
