# about: 커널이 정사각형이라고 보고 한 변을 제곱한다
# question: q1
# hand: 35% kernels that are not square and kernels of one or three axes, which the text names, are wrong
# loses: test_q1_kernel_multiplies_both
# loses: test_q1_any_number_of_kernel_axes

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    k = shape[2] ** 2 if len(shape) > 2 else 1
    return shape[1] * k, shape[0] * k
