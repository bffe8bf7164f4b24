# about: NumPy의 특잇값 분해와 math.prod를 쓴다
# question: q5

# %% q5
def jacobian_bound(Ws, act):
    gamma = dict(sigmoid=1 / 4, tanh=1, relu=1)[act]
    return float(math.prod(gamma * np.linalg.svd(np.asarray(W), compute_uv=False).max() for W in Ws))
