# assignment: 03-optimizers
# about: 미리 써 본 ThreadPoolExecutor를 두 문항의 답에서 쓰는 학생.
# expect: 100
# limits: call_seconds=2 question_seconds=3 asleep_seconds=2

# %% drop experiments

# %% before q5
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(max_workers=3)
print(list(pool.map(abs, [-1, -2, -3])))

# %% q5
def heavy_ball_optimal(mu, L):
    low, high = pool.map(math.sqrt, (mu, L))
    return 4 / (high + low) ** 2, ((high - low) / (high + low)) ** 2

# %% q1
def sgd(p, g, state, lr=0.01):
    if "pool" in globals():
        return pool.submit(torch.sub, p, g, alpha=lr).result(), {}
    return p - lr * g, {}
