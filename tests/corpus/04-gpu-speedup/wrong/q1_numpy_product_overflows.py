# about: np.prod의 64비트 정수가 넘친다
# question: q1
# hand: 20% Right for ordinary sizes; the sizes the text warns of overflow.
# loses: test_q1_huge_sizes_do_not_overflow

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = 2 * np.prod([m, k, n])
    sizes = [(m, k), (k, n), (m, n)]
    return flops, itemsize * sum(a * b for a, b in sizes)
