# about: 꺾이는 점에 대한 비율에서 구하고 NumPy로 돌려준다
# question: q3

# %% q3
def roofline(ai, peak, bandwidth):
    share = np.asarray(ai) / ridge_point(peak, bandwidth)
    return peak * np.minimum(share, 1.0)


ridge_point = lambda peak, bandwidth: peak / bandwidth
