# about: 문제 1이 커널을 빠뜨렸고 문제 2, 3이 그 함수를 쓰지만, 거기에서는 다시 점수를 잃지 않는다
# loses: test_q1_kernel_multiplies_both
# loses: test_q1_any_number_of_kernel_axes

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    return shape[1], shape[0]
