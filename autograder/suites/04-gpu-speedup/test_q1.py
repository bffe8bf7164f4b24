"""Hidden tests of question 1: matmul_cost(m, k, n, itemsize=4) -> (flops, bytes).

Inputs and output are judged apart: bytes are a straight line in k whose slope are the inputs' rows and columns, and
whose value at k = 0 is the output.
"""

from autograder.judge import expect, points

RETURNS_PAIR = "(flops, nbytes)를 이 순서로, 두 개 돌려주어야 합니다."
EXACT = {"rtol": 1e-9, "atol": 0.0}


def sizes(rng):
    """Return three different sizes m, k, n."""
    return tuple(int(size) for size in rng.choice(range(2, 400), size=3, replace=False))


def pair(student, *args):
    """Return the student's (flops, bytes), unpacked but not yet looked at."""
    return expect(student.matmul_cost(*args)).unpack(2, hint=RETURNS_PAIR)


def nbytes(student, *args):
    """Return the student's number of bytes as a float."""
    return expect(pair(student, *args)[1], "nbytes").finite().real()


@points(2)
def test_q1_flops_count_multiplications_and_additions(student, rng, reference):
    """곱셈과 덧셈을 각각 하나의 연산으로 셉니다."""
    hint = (
        "출력 원소 하나에 곱셈 k번과 덧셈 k번이 필요하고, 출력 원소는 m × n개입니다. 두 배를 빠뜨렸는지 확인해 보세요."
    )
    for _ in range(3):
        m, k, n = sizes(rng)
        flops, _ = pair(student, m, k, n, 4)
        expect(flops, "flops").close_to(reference.matmul_cost(m, k, n)[0], **EXACT, hint=hint)


@points(1)
def test_q1_both_inputs_are_read_once(student, rng):
    """두 입력 행렬을 한 번씩 읽는 바이트를 셉니다."""
    hint = "입력의 원소는 m × k개와 k × n개입니다. 두 행렬을 모두, 한 번씩만 더했는지 확인해 보세요."
    for _ in range(3):
        m, k, n = sizes(rng)
        slope = nbytes(student, m, k + 1, n, 4) - nbytes(student, m, k, n, 4)
        expect(slope, "k를 1 늘렸을 때 늘어난 바이트").close_to(4 * (m + n), **EXACT, hint=hint)


@points(1)
def test_q1_the_output_is_written_once(student, rng):
    """출력 행렬을 한 번 쓰는 바이트를 셉니다."""
    hint = "읽기만 하는 것이 아니라 결과 m × n개도 메모리에 씁니다. 출력을 한 번 더했는지 확인해 보세요."
    for _ in range(3):
        m, k, n = sizes(rng)
        one, more = nbytes(student, m, k, n, 4), nbytes(student, m, 2 * k, n, 4)
        expect(2 * one - more, "출력의 바이트").close_to(4 * m * n, **EXACT, hint=hint)


@points(1)
def test_q1_bytes_follow_the_size_of_an_entry(student, rng):
    """원소 하나의 바이트 수 itemsize에 비례하고, 적지 않으면 4입니다."""
    hint = "모든 원소의 개수에 itemsize를 곱합니다. 인자로 받은 값을 썼는지, 기본값이 4인지 확인해 보세요."
    m, k, n = sizes(rng)
    base = nbytes(student, m, k, n, 4)
    for itemsize in (1, 2, 8):
        expect(nbytes(student, m, k, n, itemsize) / max(base, 1.0), "바이트의 비").close_to(itemsize / 4, hint=hint)
    expect(nbytes(student, m, k, n), "itemsize를 적지 않았을 때의 바이트").close_to(base, **EXACT, hint=hint)
    flops = [expect(pair(student, m, k, n, itemsize)[0], "flops").finite().real() for itemsize in (4, 8)]
    expect(flops[1], "flops").close_to(flops[0], **EXACT, hint="연산의 수는 원소의 크기와 상관이 없습니다.")


@points(1)
def test_q1_huge_sizes_do_not_overflow(student, rng, reference):
    """64비트 정수를 넘는 크기에서도 값이 맞습니다."""
    hint = "NumPy와 torch의 정수는 64비트에서 넘칩니다. 파이썬의 정수나 실수로 계산해 보세요."
    m, k, n = (3_000_000 + size for size in sizes(rng))
    flops = expect(pair(student, m, k, n, 4)[0], "flops").finite().real()
    small = expect(pair(student, 3, 5, 7, 4)[0], "flops").finite().real()
    ratio = reference.matmul_cost(m, k, n)[0] / reference.matmul_cost(3, 5, 7)[0]
    expect(flops / max(small, 1e-9), "flops의 비").close_to(ratio, rtol=1e-6, atol=0.0, hint=hint)
