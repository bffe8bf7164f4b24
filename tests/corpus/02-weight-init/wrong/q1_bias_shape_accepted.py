# about: 축이 하나뿐인 모양에도 값을 돌려준다
# question: q1
# hand: 25% the ValueError that the text asks for is not raised, a made-up pair is returned instead
# loses: test_q1_fewer_than_two_axes_raise_value_error

# %% q1
def fans(shape):
    kernel = math.prod(shape[2:])
    if len(shape) < 2:
        return 1, 1
    return shape[1] * kernel, shape[0] * kernel
