"""문제 1의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

from course.checks import close, number, sequence, test_case

OK_FORMAT = False
name = "q1"


def both(matmul_cost, *args):
    """두 값이 수인지 확인해서 (flops, nbytes)로 돌려줍니다."""
    flops, nbytes = sequence(matmul_cost(*args), "matmul_cost의 반환값 (flops, nbytes)", 2)
    return number(flops, "flops"), number(nbytes, "nbytes")


@test_case(name="수 두 개를 돌려주고, itemsize는 적지 않아도 됩니다", points=2)
def test_kind(matmul_cost):
    with_default, stated = both(matmul_cost, 2, 3, 4), both(matmul_cost, 2, 3, 4, 4)
    close(with_default[1], stated[1], "itemsize를 적지 않았을 때의 nbytes", next_step="기본값은 4(float32)입니다.")


@test_case(name="손으로 계산한 값과 같습니다", points=3)
def test_by_hand(matmul_cost):
    # (2, 3) @ (3, 5): 출력 10개마다 곱셈 3번과 덧셈 3번. 원소는 6 + 15 + 10 = 31개.
    flops, nbytes = both(matmul_cost, 2, 3, 5)
    close(
        flops,
        60,
        "flops (m, k, n = 2, 3, 5)",
        suspects=[
            (30.0, "곱셈만 셌습니다. 덧셈도 하나의 연산이므로 두 배입니다."),
            (50.0, "덧셈을 k - 1번으로 셌습니다. 이 과제에서는 k번으로 정합니다."),
            (240.0, "연산량에 itemsize를 곱했습니다. 연산의 수는 원소의 크기와 상관이 없습니다."),
        ],
    )
    close(
        nbytes,
        124,
        "nbytes (m, k, n = 2, 3, 5)",
        suspects=[
            (84.0, "입력만 셌습니다. 결과를 쓰는 바이트도 더하세요."),
            (40.0, "출력만 셌습니다. 두 입력을 읽는 바이트도 더하세요."),
            (31.0, "원소의 개수입니다. itemsize를 곱해 바이트로 바꾸세요."),
            (124 / 1024, "KiB로 바꾸었습니다. 단위는 byte입니다."),
        ],
    )


@test_case(name="float64는 바이트만 두 배이고, 아주 커도 넘치지 않습니다", points=1)
def test_identity(matmul_cost):
    single, double = both(matmul_cost, 7, 4, 9, 4), both(matmul_cost, 7, 4, 9, 8)
    close(double[0], single[0], "itemsize = 8일 때의 flops", next_step="연산의 수는 원소의 크기와 상관이 없습니다.")
    close(
        double[1],
        2 * single[1],
        "itemsize = 8일 때의 nbytes",
        suspects=[(single[1], "인자로 받은 itemsize를 쓰지 않고 4를 적어 두었습니다.")],
    )
    huge = both(matmul_cost, 3_000_000, 3_000_000, 3_000_000)[0]
    close(
        huge / both(matmul_cost, 1, 1, 1)[0],
        2.7e19,
        "flops의 비 (한 변이 300만과 1)",
        next_step="NumPy나 torch의 64비트 정수가 넘쳤을 수 있습니다. 파이썬의 수로 계산해 보세요.",
    )
