# about: 두 한계 가운데 큰 쪽을 고른다
# question: q3
# hand: 60% The larger of the two functions returns the wrong side of the roof for every input.
# loses: test_q3_the_lower_of_the_two_roofs
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    ai = torch.as_tensor(ai, dtype=torch.float64)
    return (ai * bandwidth).clamp(min=peak)
