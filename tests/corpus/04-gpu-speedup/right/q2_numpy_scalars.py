# about: NumPy의 수를 그대로 돌려준다
# question: q2

# %% q2
def peak_flops(cores, clock):
    return np.float64(cores) * clock * 2


def doubling_years(factor, years):
    with np.errstate(divide="ignore"):
        return np.float64(years) / np.log2(np.float64(factor))
