# about: 대역폭을 GB/s로 보고 1e9을 곱한다
# question: q3
# hand: 50% The larger of the two functions is wrong by the unit, which the text states.
# loses: test_q3_the_lower_of_the_two_roofs
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    ai = torch.as_tensor(ai, dtype=torch.float64)
    return torch.clamp(ai * bandwidth * 1e9, max=peak)
