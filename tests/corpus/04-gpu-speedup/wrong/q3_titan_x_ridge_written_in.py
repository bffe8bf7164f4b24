# about: 꺾이는 점 19.6을 적어 두었다
# question: q3
# hand: 50% The larger of the two functions is right for one machine only.
# loses: test_q3_the_lower_of_the_two_roofs
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    if not torch.is_tensor(ai):
        return ai * bandwidth if ai < 19.6 else peak
    return torch.where(ai < 19.6, ai * bandwidth, torch.full_like(ai, peak))
