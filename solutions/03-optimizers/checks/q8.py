"""문제 8의 공개 점검: 모양, 손으로 만든 행렬, 난수의 출처."""

import torch

from course.checks import close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q8"


def problem(wilson_problem, n, p, seed):
    """X와 y의 모양과 dtype을 확인해서 돌려줍니다."""
    X, y = sequence(wilson_problem(n, p, torch.Generator().manual_seed(seed)), "wilson_problem의 반환값", 2)
    return (
        tensor(X, "X", shape=(n, 3 + 5 * n), dtype=torch.float64),
        tensor(y, "y", shape=(n,), dtype=torch.float64),
    )


@test_case(name="모양과 dtype이 맞고, y는 +1과 -1입니다", points=2)
def test_shapes(wilson_problem):
    for n in (1, 7, 40):
        _, y = problem(wilson_problem, n, 0.5, 3)
        require(bool((y.abs() == 1).all()), "y에 +1과 -1이 아닌 값이 있습니다.", "0과 1로 나타냈을 수 있습니다.")
    require(abs(float(y.sum())) < 40, "y가 모두 같습니다.", "표본마다 난수를 따로 뽑으세요.")


@test_case(name="손으로 만든 행렬과 같습니다", points=2)
def test_by_hand(wilson_problem):
    X, y = problem(wilson_problem, 2, 1.0, 0)
    close(y, [1.0, 1.0], "p = 1일 때의 y", suspects=[([-1.0, -1.0], "p는 +1이 나올 확률입니다.")])
    close(
        X,
        [[1.0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1.0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]],
        "n = 2, p = 1일 때의 X",
        suspects=[
            (
                [[1.0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [1.0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]],
                "+1인 표본은 자기만의 특성이 하나입니다. 다섯 개인 것은 -1인 표본입니다.",
            ),
            (
                [[1.0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1.0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
                "두 표본이 같은 칸을 씁니다. i번 표본의 칸은 3 + 5i번부터입니다.",
            ),
        ],
    )
    X, y = problem(wilson_problem, 2, 0.0, 0)
    close(y, [-1.0, -1.0], "p = 0일 때의 y")
    close(
        X,
        [[-1.0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [-1.0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]],
        "n = 2, p = 0일 때의 X",
    )


@test_case(name="난수는 gen에서만 뽑습니다", points=2)
def test_generator(wilson_problem):
    torch.manual_seed(1)
    first = problem(wilson_problem, 60, 0.5, 5)[1]
    torch.manual_seed(2)
    again = problem(wilson_problem, 60, 0.5, 5)[1]
    require(torch.equal(first, again), "같은 시드의 gen인데 결과가 다릅니다.", "torch.rand에 generator=gen을 넘기지 않았습니다.")
    gen = torch.Generator().manual_seed(5)
    pair = [sequence(wilson_problem(60, 0.5, gen), "wilson_problem의 반환값", 2)[1] for _ in range(2)]
    require(
        not torch.equal(pair[0], pair[1]), "같은 gen으로 이어서 불렀는데 결과가 같습니다.", "함수 안에서 시드를 다시 심었습니다."
    )
