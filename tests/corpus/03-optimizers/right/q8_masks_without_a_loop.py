# about: 반복문 없이 칸의 번호를 비교해 만든다
# question: q8

# %% q8
def wilson_problem(n, p, gen):
    y = torch.bernoulli(torch.full((n,), float(p), dtype=torch.float64), generator=gen) * 2 - 1
    place = torch.arange(5 * n).reshape(1, n, 5)
    own = place // 5 == torch.arange(n).reshape(n, 1, 1)
    used = (place % 5 == 0) | (y < 0).reshape(n, 1, 1)
    private = (own & used).double().reshape(n, 5 * n)
    ones = torch.ones(n, 1, dtype=torch.float64)
    return torch.cat([y[:, None], ones, ones, private], dim=1), y
