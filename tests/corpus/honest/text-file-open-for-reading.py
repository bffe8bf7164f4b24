# assignment: 03-optimizers
# about: 셀에서 연 글 파일을 줄마다 읽다 만 채, 답에서 처음으로 돌아가 읽는 학생.
# expect: 100

# %% drop experiments

# %% before q5
with open("numbers.txt", "w", encoding="utf-8") as file:
    file.writelines(f"{n}\n" for n in range(5000))
lines = open("numbers.txt", encoding="utf-8")
print(next(lines), next(lines))

# %% q5
def heavy_ball_optimal(mu, L):
    lines.seek(0)
    four = int([next(lines) for _ in range(5)][-1])
    low, high = math.sqrt(mu), math.sqrt(L)
    return four / (high + low) ** 2, ((high - low) / (high + low)) ** 2

# %% q1
def sgd(p, g, state, lr=0.01):
    if "lines" in globals():
        lines.seek(0)
        zero = int(lines.readline())
        return p - lr * g + zero, {}
    return p - lr * g, {}
