# about: 전체 원소 수를 나누어 구한다
# question: q1

# %% q1
def fans(shape):
    if len(shape) <= 1:
        raise ValueError("모양의 축이 둘 이상이어야 합니다")
    total = 1
    for size in shape:
        total *= int(size)
    return total // shape[0], total // shape[1]
