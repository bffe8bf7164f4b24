# about: 언제나 최대 연산 속도를 돌려준다
# question: q3
# hand: 60% The larger of the two functions ignores the intensity.
# loses: test_q3_memory_bound_below_the_ridge
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return torch.full_like(ai, peak)
    return peak
