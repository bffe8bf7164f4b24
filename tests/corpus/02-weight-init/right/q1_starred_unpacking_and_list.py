# about: 별표로 풀고 리스트를 돌려준다
# question: q1

# %% q1
from functools import reduce


def fans(shape):
    n_out, n_in, *kernel = shape  # 축이 부족하면 파이썬이 ValueError를 냅니다.
    receptive = reduce(lambda a, b: a * b, kernel, 1)
    return [n_in * receptive, n_out * receptive]
