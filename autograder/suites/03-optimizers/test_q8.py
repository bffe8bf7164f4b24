"""Hidden tests of question 8: wilson_problem(n, p, gen) -> (X, y); section 3.3 of Wilson et al. 2017."""

import torch

from autograder.judge import error_rate, expect, points, require

PAIR = "입력 X와 정답 y를 이 순서로, 두 개 돌려주어야 합니다."


def problem(student, rng, n=None, p=None):
    """Return the student's X (n, 3 + 5n) and y (n,), float64."""
    n = int(rng.integers(20, 30)) if n is None else n
    p = float(rng.uniform(0.55, 0.75)) if p is None else p
    answer = expect(student.probe("wilson", n, p, int(rng.integers(10**6)))).unpack(1)[0]
    X, y = expect(answer).unpack(2, hint=PAIR)
    hint = "X는 (n, 3 + 5n), y는 (n,)입니다."
    X = expect(X, "X").shape(n, 3 + 5 * n, hint=hint).finite().reals()
    return X, expect(y, "y").shape(n, hint=hint).finite().reals()


@error_rate(1e-12)
@points(0.75)
def test_q8_shapes_and_labels(student, rng):
    """X는 (n, 3 + 5n), y는 (n,)이고 둘 다 float64이며, y에는 +1과 -1만 있습니다."""
    n = int(rng.integers(20, 30))
    answer = expect(student.probe("wilson", n, 0.6, 1)).unpack(1)[0]
    X, y = expect(answer).unpack(2, hint=PAIR)
    for value, what in ((X, "X"), (y, "y")):
        expect(value, what).dtype(torch.float64, hint="둘 다 float64로 만드세요.")
    _, y = problem(student, rng, 60, 0.5)
    require(bool((y.abs() == 1).all()), "y에 +1과 -1이 아닌 값이 있습니다.", "정답은 0과 1이 아니라 -1과 +1입니다.")
    require(bool((y > 0).any()) and bool((y < 0).any()), "y가 모두 같습니다.", "확률 p로 +1, 1 - p로 -1을 뽑으세요.")


@points(0.75)
def test_q8_first_three_columns(student, rng):
    """0번 열은 +1 또는 -1인 정답이고 1번과 2번 열은 모두 1입니다."""
    X, y = problem(student, rng)
    hint = "어느 표본에서나 특성 0은 정답 자신이고, 특성 1과 2는 언제나 1입니다."
    label = torch.where(y > 0, 1.0, -1.0).double()  # whatever the code of y, which another test judges
    expected = torch.stack([label, torch.ones_like(y), torch.ones_like(y)], dim=1)
    expect(X[:, :3], "X의 처음 세 열").close_to(expected, rtol=0, atol=0, hint=hint)


@points(1.5)
def test_q8_private_columns(student, rng):
    """i번 표본만의 열 5개 가운데 y가 +1이면 처음 하나, -1이면 다섯 모두가 1이고 나머지는 0입니다."""
    X, y = problem(student, rng)
    n = len(y)
    expected = torch.zeros(n, n, 5, dtype=torch.float64)
    for i in range(n):
        expected[i, i, : 1 if y[i] > 0 else 5] = 1.0
    hint = "i번 표본의 칸은 3 + 5i번부터 5개입니다. 클래스에 따라 1인 칸의 수가 다르고, 다른 표본의 칸은 0입니다."
    expect(X[:, 3:].reshape(n, n, 5), "X의 나머지 열").close_to(expected, rtol=0, atol=0, hint=hint)


@error_rate(1e-6)
@points(0.75)
def test_q8_share_of_positive_labels(student, rng):
    """y가 +1일 확률이 p이고, 시드가 다르면 다른 y가 나옵니다."""
    hint = "p는 -1이 아니라 +1이 나올 확률입니다."
    for p, low, high in ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (0.8, 0.6, 0.97), (0.3, 0.1, 0.52)):
        share = float((problem(student, rng, 120, p)[1] > 0).double().mean())
        require(low <= share <= high, "y에서 +1의 비율이 p와 맞지 않습니다.", hint)
    one, other = (problem(student, rng, 120, 0.5)[1] for _ in range(2))
    hint = "앞의 몇 개를 +1로 채우거나 시드를 심지 말고, 표본마다 확률 p로 뽑으세요."
    require(not torch.equal(one, other), "시드가 다른 gen인데 y가 같습니다.", hint)


@error_rate(1e-12)
@points(1.5)
def test_q8_generator_alone_decides(student, rng):
    """난수는 gen에서만 뽑습니다. 같은 gen이면 같고, 이어서 부르면 다른 결과가 나옵니다."""
    seed = int(rng.integers(10**6))
    runs = [student.probe("wilson", 60, 0.5, seed, 2, disturb) for disturb in (11, 12)]
    labels = []
    for run in runs:
        for answer in expect(run).unpack(2):
            labels.append(expect(expect(answer).unpack(2, hint=PAIR)[1], "y").shape(60).finite().reals())
    hint = "torch.rand(..., generator=gen)처럼 받은 gen을 넘기세요. 함수 안에서 시드를 심지 마세요."
    require(torch.equal(labels[0], labels[2]), "같은 시드의 gen인데 결과가 다릅니다.", hint)
    require(not torch.equal(labels[0], labels[1]), "이어서 불렀는데 결과가 같습니다.", hint)


@error_rate(1e-12)
@points(0.75)
def test_q8_the_two_solutions_part_ways(student, rng, reference):
    """노름이 가장 작은 해는 새 표본을 모두 맞히고, 부호로 만든 해는 훈련은 맞히면서 새 표본을 모두 +1이라 합니다."""
    n, new = 40, 30
    for _ in range(8):  # one draw in 300 has too few +1 for the theorem
        X, y = problem(student, rng, n + new, 0.7)
        if (y[:n] > 0).sum() > (y[:n] < 0).sum() > 0 and bool((y[n:] < 0).any()):
            break
    else:
        require(False, "p = 0.7인데 +1이 -1보다 적거나 -1이 없습니다.", "y는 확률 p로 +1, 1 - p로 -1입니다.")
    hint = "표본마다의 열이 서로 겹치지 않는지, 처음 세 열과 클래스마다 1인 칸의 수가 문제와 같은지 확인해 보세요."
    least = reference.minimum_norm(X[:n], y[:n])
    right = bool((torch.sign(X[n:] @ least) == y[n:]).all())
    require(right, "노름이 가장 작은 해가 새 표본을 틀립니다.", hint)
    signs = reference.sign_solution(X[:n], y[:n])
    ratio = (X[:n] @ signs) / y[:n]
    require(bool((ratio > 0).all()) and bool((ratio == ratio[0]).all()), "부호로 만든 해가 훈련에 맞지 않습니다.", hint)
    require(bool((X[n:] @ signs > 0).all()), "부호로 만든 해가 새 표본을 모두 +1이라고 하지 않습니다.", hint)
