# assignment: 03-optimizers
# about: 답이 쓰는 도우미를 정의한 셀을 신호로도 멈출 수 없는 학생, 과제의 한도 그대로.
# expect: 90
# loses-question: q5
# says: cell-timeout
# never: NameError
# soak: yes

# %% drop experiments

# %% before q5
def root(x):
    return math.sqrt(x)


while root(4) == 2:
    try:
        while True:
            root(9)
    except BaseException:
        pass

# %% q5
def heavy_ball_optimal(mu, L):
    low, high = root(mu), root(L)
    return 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2
