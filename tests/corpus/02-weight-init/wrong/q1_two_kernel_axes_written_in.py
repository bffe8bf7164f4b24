# about: 커널의 축이 둘인 경우만 다룬다
# question: q1
# hand: 25% kernels of one or three axes, which the text names, are wrong
# loses: test_q1_any_number_of_kernel_axes

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    if len(shape) == 4:
        n_out, n_in, kh, kw = shape
        return n_in * kh * kw, n_out * kh * kw
    return shape[1], shape[0]
