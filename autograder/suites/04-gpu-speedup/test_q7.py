"""Hidden tests of question 7: pairwise_sq_dists(X (N, D), Y (M, D)) -> (N, M).

Work is counted, never timed: operations of torch by a dispatch mode, instructions of Python by a trace, for a small and
a much larger problem. A loop over rows needs many times as many, a vectorised form the same number.
"""

import torch

from autograder.judge import expect, gpu, points, require


def points_of(rng, *shape, dtype=torch.float64):
    """Return N(0, 1) rows."""
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def sizes(rng):
    """Return three different sizes N, M, D."""
    return tuple(int(size) for size in rng.choice(range(2, 14), size=3, replace=False))


VALUES = "좌표의 차를 제곱해 D개의 좌표에 대해 더합니다. 제곱근을 취하거나 합 대신 평균을 내지 않았는지 확인해 보세요."
NEGATIVE = (
    "|x|² - 2x·y + |y|²은 아주 큰 수끼리의 뺄셈이어서 반올림 오차로 음수가 될 수 있습니다. "
    "0보다 작은 값을 0으로 올리거나, 차를 먼저 구해 보세요."
)
IN_PLACE = "X -= ..., pow_, mul_처럼 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
LOOP = (
    "점마다 도는 반복문이 남아 있으면 점의 수만큼 연산이 늘어납니다. "
    "X[:, None, :]처럼 축을 하나 끼워 넣는 브로드캐스팅이나 행렬 곱을 써 보세요."
)


def differ(answer):
    """Require of an answer for random points that its entries are not all the same number; its shape is not asked."""
    found = expect(answer, "거리의 제곱").finite().reals()
    require(bool((found.max() - found.min()) > 1e-6), "거리의 제곱이 모두 같은 값입니다.")


def work_stays(student, rng, d):
    """Require that more points need hardly more operations of torch and instructions of Python."""
    pairs = [(points_of(rng, n, d), points_of(rng, m, d)) for n, m in ((4, 5), (4, 50), (40, 5), (41, 50))]
    small, *large = expect(student.probe("work_of_dists", pairs)).unpack(4)
    differ(student.pairwise_sq_dists(*pairs[0]))
    before = [count.integer() for count in expect(small, "연산의 횟수").each(2)]
    for work in large:
        after = [count.integer() for count in expect(work, "연산의 횟수").each(2)]
        for least, most in zip(before, after, strict=True):
            require(most <= 2 * least + 20, "점을 늘리자 연산의 횟수가 크게 늘었습니다.", LOOP)


@points(3.5)
def test_q7_distances_match(student, rng, reference):
    """모든 쌍의 거리의 제곱이 맞습니다."""
    for _ in range(4):
        n, m, d = sizes(rng)
        X, Y = points_of(rng, n, d), points_of(rng, m, d)
        expected = reference.pairwise_sq_dists(X, Y)
        expect(student.pairwise_sq_dists(X, Y), "거리의 제곱").close_to(expected, rtol=1e-4, atol=1e-4, hint=VALUES)


@points(2.5)
def test_q7_a_distance_matrix_as_a_whole(student, rng, reference):
    """값, dtype, 0 이상이라는 것, 연산의 횟수, 그대로인 입력이 한꺼번에 맞습니다."""
    n, m, d = sizes(rng)
    X, Y = points_of(rng, n, d), points_of(rng, m, d)
    answer, X_after, Y_after = expect(student.probe("dists_and_inputs", X, Y)).unpack(3)
    expected = reference.pairwise_sq_dists(X, Y)
    expect(answer, "거리의 제곱").close_to(expected, rtol=1e-4, atol=1e-4, hint=VALUES)
    expect(answer, "거리의 제곱").dtype(torch.float64, hint="결과의 dtype은 X의 dtype과 같아야 합니다.")
    for what, kept, found in (("X", X, X_after), ("Y", Y, Y_after)):
        expect(found, what).equals(kept, hint=IN_PLACE)
    near = 300.0 * points_of(rng, 1, 8) + 1e-6 * points_of(rng, 40, 8)
    expect(student.pairwise_sq_dists(near, near), "거리의 제곱").between(0.0, 10.0, hint=NEGATIVE)
    work_stays(student, rng, d)


@points(1)
def test_q7_never_negative(student, rng):
    """원점에서 멀고 서로 가까운 점들에서도 음수가 나오지 않습니다."""
    for dtype, apart in ((torch.float32, 1e-3), (torch.float64, 1e-6)):
        centre = 300.0 * points_of(rng, 1, 8, dtype=dtype)
        X = centre + apart * points_of(rng, 40, 8, dtype=dtype)
        for Y in (X, X[:23].clone()):
            result = expect(student.pairwise_sq_dists(X, Y), "거리의 제곱").between(0.0, 10.0, hint=NEGATIVE)
            require(result.reals().numel() == 40 * len(Y), "거리의 제곱이 쌍마다 하나씩이 아닙니다.", NEGATIVE)
    differ(student.pairwise_sq_dists(points_of(rng, 4, 3), points_of(rng, 5, 3)))


@points(3)
def test_q7_work_does_not_grow_with_the_number_of_points(student, rng):
    """점이 많아져도 연산의 횟수가 늘지 않습니다."""
    work_stays(student, rng, int(rng.integers(3, 7)))


@points(1)
def test_q7_shape_and_dtype(student, rng):
    """결과의 모양이 (N, M)이고 dtype이 입력과 같습니다."""
    hint = "결과의 (i, j) 자리는 X[i]와 Y[j] 사이의 값이고, 입력이 float32이면 결과도 float32입니다."
    for dtype in (torch.float32, torch.float64):
        for n, m, d in (sizes(rng), (1, 3, 2), (4, 1, 1)):
            X, Y = points_of(rng, n, d, dtype=dtype), points_of(rng, m, d, dtype=dtype)
            expect(student.pairwise_sq_dists(X, Y), "거리의 제곱").shape(n, m, hint=hint).dtype(dtype, hint=hint)


@points(1)
def test_q7_does_not_change_its_inputs(student, rng):
    """X와 Y를 바꾸지 않습니다."""
    n, m, d = sizes(rng)
    X, Y = points_of(rng, n, d), points_of(rng, m, d)
    answer, X_after, Y_after = expect(student.probe("dists_and_inputs", X, Y)).unpack(3)
    differ(answer)
    expect(X_after, "X").equals(X, hint=IN_PLACE)
    expect(Y_after, "Y").equals(Y, hint=IN_PLACE)


@gpu
def test_q7_badge_distances_on_the_gpu(student, device, rng, reference):
    """GPU의 텐서를 넣으면 GPU에서 계산하고, 값은 CPU와 같습니다."""
    X, Y = points_of(rng, 300, 16), points_of(rng, 200, 16)
    where, result = expect(student.probe("dists_on", device, X, Y)).unpack(2)
    expect(where, "결과의 장치").equals(device, hint="결과를 만들 때 장치를 정해 두지 않았는지 확인해 보세요.")
    expected = reference.pairwise_sq_dists(X, Y)
    expect(result, "거리의 제곱").close_to(expected, rtol=1e-4, atol=1e-4, hint="CPU의 값과 다릅니다.")
