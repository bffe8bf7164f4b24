# about: 문제 1의 순서가 바뀌었고 문제 3이 그 함수를 쓰지만, 거기에서는 다시 점수를 잃지 않는다
# loses: test_q1_linear_weight
# loses: test_q1_kernel_multiplies_both

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    k = math.prod(shape[2:])
    return shape[0] * k, shape[1] * k
