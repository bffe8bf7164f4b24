# about: (n_out, n_in)의 순서로 돌려준다
# question: q1
# hand: 60% both numbers are there, but in the other order for each shape, and the text prints the order in bold
# loses: test_q1_linear_weight
# loses: test_q1_kernel_multiplies_both

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError("축이 부족합니다")
    kernel = math.prod(shape[2:])
    return shape[0] * kernel, shape[1] * kernel
