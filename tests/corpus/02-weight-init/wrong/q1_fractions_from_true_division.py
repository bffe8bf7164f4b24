# about: /로 나누어 정수가 아니라 실수를 돌려준다
# question: q1
# hand: 15% the numbers are right, their type is not the integer that is asked
# loses: test_q1_shape_in_any_container

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError
    n = math.prod(shape)
    return n / shape[0], n / shape[1]
