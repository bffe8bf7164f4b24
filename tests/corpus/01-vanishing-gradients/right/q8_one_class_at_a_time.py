# about: 정답을 모두 0, 모두 1로 두었을 때의 정확도의 합이 1인지 본다
# question: q8

# %% q8
def audit(sweep, depths, seed, data):
    *rest, labels = data
    runs = [sweep(list(depths), seed, data) for _ in range(3)]
    far = lambda a, b: not math.isclose(a, b, rel_tol=0, abs_tol=1e-6)
    if any(far(runs[0][d], run[d]) for run in runs for d in depths):
        return dict(repeat=True, order=None, test=None)
    zeros, ones = (sweep(depths, seed, (*rest, torch.full_like(labels, c))) for c in (0, 1))
    order = [d for d in depths if far(sweep((d,), seed, data)[d], runs[0][d])]
    return dict(repeat=False, order=bool(order), test=any(far(zeros[d] + ones[d], 1.0) for d in depths))
