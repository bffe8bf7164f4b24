"""Hidden tests of question 1: matmul_cost(m, k, n, itemsize=4) -> (flops, bytes).

Operations and bytes of the plain call are judged apart; the size of an entry, and huge sizes, by ratios of the
student's own values.
"""

from autograder.judge import expect, points, require

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
        flops, _ = pair(student, m, k, n)
        expect(flops, "flops").close_to(reference.matmul_cost(m, k, n)[0], **EXACT, hint=hint)


@points(2)
def test_q1_bytes_read_both_inputs_and_write_the_output(student, rng, reference):
    """두 입력을 한 번씩 읽고 출력을 한 번 쓰는 바이트를 셉니다."""
    hint = (
        "원소는 입력에 m × k개와 k × n개, 출력에 m × n개입니다. 셋을 모두 한 번씩만 더했는지, 단위가 byte인지 "
        "확인해 보세요."
    )
    for _ in range(3):
        m, k, n = sizes(rng)
        expect(nbytes(student, m, k, n), "nbytes").close_to(reference.matmul_cost(m, k, n)[1], **EXACT, hint=hint)


@points(1)
def test_q1_bytes_follow_the_size_of_an_entry(student, rng):
    """원소 하나의 바이트 수 itemsize에 비례하고, 적지 않으면 4입니다."""
    hint = "모든 원소의 개수에 itemsize를 곱합니다. 인자로 받은 값을 썼는지, 기본값이 4인지 확인해 보세요."
    m, k, n = sizes(rng)
    base = nbytes(student, m, k, n, 4)
    require(base > 0, "nbytes가 0보다 커야 합니다.", hint)
    for itemsize in (1, 2, 8):
        expect(nbytes(student, m, k, n, itemsize) / base, "바이트의 비").close_to(itemsize / 4, hint=hint)
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
