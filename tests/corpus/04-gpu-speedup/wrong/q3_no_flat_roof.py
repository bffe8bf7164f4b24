# about: 연산 장치의 한계를 두지 않는다
# question: q3
# hand: 50% The larger of the two functions lacks one of its two limits.
# loses: test_q3_the_lower_of_the_two_roofs
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    return ai * bandwidth
