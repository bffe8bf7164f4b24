# about: 수와 텐서를 모두 텐서로 바꾸어 torch.minimum을 쓴다
# question: q3

# %% q3
def ridge_point(peak, bandwidth):
    return torch.tensor(peak, dtype=torch.float64) / bandwidth


def roofline(ai, peak, bandwidth):
    ai = torch.as_tensor(ai, dtype=torch.float64)
    return torch.minimum(ai * bandwidth, torch.tensor(peak, dtype=torch.float64))
