# about: 난수를 하나씩 뽑고 행을 리스트로 이어 붙인다
# question: q8

# %% q8
def wilson_problem(n, p, gen):
    rows, labels = [], []
    for i in range(n):
        label = +1.0 if torch.rand((), generator=gen).item() < p else -1.0
        mine = [1.0, 0.0, 0.0, 0.0, 0.0] if label > 0 else [1.0] * 5
        rows.append([label, 1.0, 1.0] + [0.0] * (5 * i) + mine + [0.0] * (5 * (n - 1 - i)))
        labels.append(label)
    return torch.tensor(rows, dtype=torch.float64), torch.tensor(labels, dtype=torch.float64)
