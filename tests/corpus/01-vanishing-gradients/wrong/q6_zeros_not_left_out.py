# about: 0과 무한대를 빼지 않아 결과가 nan이 된다
# question: q6
# hand: 35% The filter that the text asks for is missing; clean norms are right.
# loses: test_q6_zero_and_non_finite_entries_are_left_out

# %% q6
def decay_factor(norms):
    if len(norms) < 2:
        return float("nan")
    l = torch.arange(len(norms), dtype=norms.dtype)
    g = torch.log(norms)
    l, g = l - l.mean(), g - g.mean()
    return math.exp(-((l * g).sum() / (l * l).sum()).item())
