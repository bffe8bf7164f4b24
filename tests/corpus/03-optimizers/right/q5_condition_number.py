# about: 조건수의 제곱근으로 쓰고 NumPy의 수로 돌려준다
# question: q5

# %% q5
def heavy_ball_optimal(mu, L):
    q = np.sqrt(L / mu)
    beta = np.square((q - 1) / (q + 1))
    lr = (1 + np.sqrt(beta)) ** 2 / L
    return lr, beta
