# assignment: 03-optimizers
# about: 함수가 느리지만 주어진 시간 안에 끝나는 학생.
# expect: 100
# limits: call_seconds=1 question_seconds=4

# %% drop experiments

# %% q5
def heavy_ball_optimal(mu, L):
    low, high = math.sqrt(mu), math.sqrt(L)
    total = 0.0
    for k in range(300_000):
        total += k % 7
    return 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2
