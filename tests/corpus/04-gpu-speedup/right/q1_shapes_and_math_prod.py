# about: 모양의 목록에서 math.prod로 구한다
# question: q1

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    shapes = [(m, k), (k, n), (m, n)]
    nbytes = sum(math.prod(shape) for shape in shapes) * itemsize
    return [2 * math.prod((m, k, n)), nbytes]
