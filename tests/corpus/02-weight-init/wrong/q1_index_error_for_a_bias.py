# about: 축의 수를 확인하지 않아 IndexError가 난다
# question: q1
# hand: 20% a shape with one axis is refused by chance, with another kind of error
# loses: test_q1_fewer_than_two_axes_raise_value_error

# %% q1
def fans(shape):
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel
