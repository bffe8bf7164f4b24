# assignment: 03-optimizers
# about: 답 안에서 시드 없이 난수로 적분을 어림하는 학생. 표본이 충분해 늘 맞습니다.
# expect: 100

# %% drop experiments

# %% q5
def heavy_ball_optimal(mu, L):
    low, high = math.sqrt(mu), math.sqrt(L)
    four = round(4 * np.mean(np.random.rand(2000) < 2) + 0 * torch.rand(()).item())
    return four / (high + low) ** 2, ((high - low) / (high + low)) ** 2
