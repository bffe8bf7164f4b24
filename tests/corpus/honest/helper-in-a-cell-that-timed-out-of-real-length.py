# assignment: 03-optimizers
# about: 답이 쓰는 도우미를 정의한 뒤에 그 셀이 끝나지 않은 학생, 과제의 한도 그대로.
# expect: 100
# says: cell-timeout
# never: NameError
# soak: yes

# %% drop experiments

# %% before q5
def root(x):
    return math.sqrt(x)


while root(4) == 2:
    pass

# %% q5
def heavy_ball_optimal(mu, L):
    low, high = root(mu), root(L)
    return 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2
