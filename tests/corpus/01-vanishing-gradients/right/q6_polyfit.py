# about: np.polyfit으로 직선을 맞춘다
# question: q6

# %% q6
def decay_factor(norms):
    g = np.asarray(norms, dtype=float)
    index = np.arange(g.size)
    ok = np.isfinite(g) & (g > 0)
    if np.count_nonzero(ok) < 2:
        return np.nan
    slope, intercept = np.polyfit(index[ok], np.log(g[ok]), deg=1)
    return np.exp(-slope)
