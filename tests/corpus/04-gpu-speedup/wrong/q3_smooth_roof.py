# about: 두 한계를 조화 평균처럼 부드럽게 잇는다
# question: q3
# hand: 60% The larger of the two functions is another formula for every input.
# loses: test_q3_the_lower_of_the_two_roofs
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    return 1 / (1 / peak + 1 / (ai * bandwidth))
