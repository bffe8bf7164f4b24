# about: 꺾이는 점을 거꾸로 나누지만, 그것을 쓰는 roofline에서는 다시 점수를 잃지 않는다
# question: q3
# hand: 35% The smaller of the two functions is the reciprocal; roofline only inherits it.
# loses: test_q3_ridge_point_is_peak_over_bandwidth

# %% q3
def ridge_point(peak, bandwidth):
    return bandwidth / peak


def roofline(ai, peak, bandwidth):
    ai = torch.as_tensor(ai, dtype=torch.float64)
    return torch.where(ai < ridge_point(peak, bandwidth), ai * bandwidth, torch.full_like(ai, peak))
