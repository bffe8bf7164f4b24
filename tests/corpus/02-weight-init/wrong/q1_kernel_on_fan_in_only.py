# about: 커널의 원소 수를 n_in에만 곱한다
# question: q1
# hand: 40% one of the two numbers lacks the kernel for each convolution
# loses: test_q1_kernel_multiplies_both
# loses: test_q1_any_number_of_kernel_axes

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    return math.prod(shape[1:]), shape[0]
