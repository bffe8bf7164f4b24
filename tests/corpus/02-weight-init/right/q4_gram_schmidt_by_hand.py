# about: 그람-슈미트 직교화를 두 번씩 직접 한다
# question: q4

# %% q4
def orthogonal_(w, gen):
    few, many = sorted(w.shape)
    rows = []
    for _ in range(few):
        v = torch.randn(many, dtype=torch.float64, generator=gen)
        for _ in range(2):
            for r in rows:
                v = v - (v @ r) * r
        rows.append(v / v.norm())
    q = torch.stack(rows)
    w.copy_(q if w.shape[0] == few else q.T)
    return w
