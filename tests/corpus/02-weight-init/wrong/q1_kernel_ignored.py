# about: 합성곱층에서 커널의 원소 수를 곱하지 않는다
# question: q1
# hand: 50% linear layers are right, the half of the question about convolutions is not done
# loses: test_q1_kernel_multiplies_both
# loses: test_q1_any_number_of_kernel_axes

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    return shape[1], shape[0]
