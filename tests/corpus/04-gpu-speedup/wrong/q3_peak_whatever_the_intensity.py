# about: 언제나 최대 연산 속도를 돌려준다
# question: q3
# hand: 60% The larger of the two functions ignores the intensity.
# loses: test_q3_the_lower_of_the_two_roofs
# loses: test_q3_works_for_a_tensor_of_intensities
# loses: test_q3_does_not_change_its_input

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return torch.full_like(ai, peak)
    return peak
