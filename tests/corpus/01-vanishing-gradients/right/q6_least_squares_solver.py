# about: 설계 행렬을 만들어 torch.linalg.lstsq로 푼다
# question: q6

# %% q6
def decay_factor(norms):
    points = [(l, math.log(v)) for l, v in enumerate(norms.tolist()) if math.isfinite(v) and v > 0]
    if len(points) < 2:
        return math.nan
    A = torch.tensor([[1.0, l] for l, _ in points], dtype=torch.float64)
    b = torch.tensor([[g] for _, g in points], dtype=torch.float64)
    intercept, slope = torch.linalg.lstsq(A, b).solution.flatten()
    return torch.exp(-slope).item()
