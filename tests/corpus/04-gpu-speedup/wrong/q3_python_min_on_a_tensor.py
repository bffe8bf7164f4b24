# about: 파이썬의 min을 써서 텐서에서 오류가 난다
# question: q3
# hand: 35% Right for one number; tensors, half of what roofline is asked, raise an error.
# loses: test_q3_works_for_a_tensor_of_intensities

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth



def roofline(ai, peak, bandwidth):
    return min(peak, ai * bandwidth)
