# ruff: noqa
# larger of the two roofs
# question: q3
# says: 큰 쪽을 골랐습니다


def roofline(ai, peak, bandwidth):
    return max(peak, ai * bandwidth)
