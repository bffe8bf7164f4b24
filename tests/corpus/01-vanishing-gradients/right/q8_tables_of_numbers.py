# about: 결과를 NumPy 배열로 모아 한 번에 견준다
# question: q8

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data
    row = lambda given=data: np.array([sweep(depths, seed, given)[d] for d in depths], dtype=float)
    first, again = (row() for _ in range(2))
    verdict = {"repeat": not np.allclose(first, again, rtol=0, atol=1e-6), "order": None, "test": None}
    if not verdict["repeat"]:
        alone = np.array([float(sweep([d], seed, data)[d]) for d in depths])
        verdict["order"] = np.abs(alone - first).max() > 1e-6
        verdict["test"] = bool(np.abs(row((x, y, x_new, (y_new == 0).long())) + first - 1).max() > 1e-6)
    return verdict
