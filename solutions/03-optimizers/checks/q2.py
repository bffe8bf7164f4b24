"""문제 2의 공개 점검: 모양, 손으로 계산한 값, 일정한 기울기, 기억이 섞이지 않는지."""

import torch

from course.checks import CheckError, close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q2"


def step(momentum, p, g, state, **options):
    """반환값이 (p, state)인지 확인해서 돌려줍니다."""
    new, after = sequence(momentum(p, g, state, **options), "momentum(p, g, state)의 반환값", 2)
    if not isinstance(after, dict):
        raise CheckError(f"state가 딕셔너리가 아니라 {type(after).__name__}입니다.", next_step='{"v": v}처럼 담으세요.')
    return tensor(new, "새 p", shape=p.shape, dtype=p.dtype), after


def walk(momentum, gs, **options):
    """p = 0에서 기울기를 차례로 넣고, 단계마다의 p를 모읍니다."""
    p, state, path = torch.zeros(1), {}, []
    for g in gs:
        p, state = step(momentum, p, torch.tensor([float(g)]), state, **options)
        path.append(p.clone())
    return torch.cat(path)


@test_case(name="p와 같은 모양과 dtype인 새 p와 state를 돌려줍니다", points=1)
def test_shapes(momentum):
    for shape in ((), (3,), (2, 3)):
        for kind in (torch.float32, torch.float64):
            p = torch.ones(shape, dtype=kind)
            p, state = step(momentum, p, torch.full(shape, 0.5, dtype=kind), {}, lr=0.1)
            step(momentum, p, torch.full(shape, 0.5, dtype=kind), state, lr=0.1)


@test_case(name="손으로 계산한 값과 같습니다", points=2)
def test_by_hand(momentum):
    # beta = 1/2, g = 1, 1, 0: v = 1, 3/2, 3/4. lr = 0.1이므로 p = -0.1, -0.25, -0.325.
    close(
        walk(momentum, [1, 1, 0], lr=0.1, beta=0.5),
        [-0.1, -0.25, -0.325],
        "g = 1, 1, 0을 넣은 세 단계 (lr = 0.1, beta = 0.5)",
        suspects=[
            ([-0.05, -0.125, -0.1625], "g에 (1 - beta)를 곱하는 이동 평균입니다. 이 과제의 모멘텀은 쌓는 규약입니다."),
            ([-0.1, -0.2, -0.2], "state에 담은 속도를 쓰지 않았습니다."),
            ([0.1, 0.25, 0.325], "부호가 반대입니다."),
            ([-0.15, -0.325, -0.3625], "새 속도를 한 번 더 앞당겨 썼습니다(Nesterov의 방법)."),
            ([0.0, -0.1, -0.25], "새 속도가 아니라 옛 속도로 움직였습니다."),
            ([-0.1, -0.29, -0.461], "인자로 받은 beta 대신 0.9를 썼습니다."),
            ([-0.05, -0.15, -0.25], "옛 속도가 아니라 새 기울기에 beta를 곱했습니다."),
        ],
    )


@test_case(name="받은 p, g, state를 바꾸지 않고, 파라미터마다 따로 기억합니다", points=1)
def test_untouched(momentum):
    options = {"lr": 0.1, "beta": 0.5}
    expected = walk(momentum, [1, 1, 0], **options)
    close(walk(momentum, [1, 1, 0], **options), expected, "다시 처음부터 넣은 세 단계", next_step="속도를 함수 밖에 두지 마세요.")
    p, g = torch.zeros(1), torch.ones(1)
    first, state = step(momentum, p, g, {}, **options)
    require(float(p) == 0 and float(g) == 1, "호출한 뒤 p나 g의 값이 바뀌었습니다.", "제자리에서 바꾸는 연산을 썼을 수 있습니다.")
    g.zero_()
    second, _ = step(momentum, first.clone(), torch.ones(1), state, **options)
    require(
        abs(float(second - expected[1])) < 1e-5,
        "첫 단계 뒤에 g를 0으로 지웠더니 둘째 단계가 달라졌습니다.",
        "`v = g`처럼 g를 그대로 state에 담았습니다.",
        "`beta * v + g`처럼 새 텐서를 만들어 담으세요.",
    )
    again, _ = step(momentum, first.clone(), torch.ones(1), state, **options)
    close(again, second, "같은 state로 다시 부른 둘째 단계", next_step="받은 state나 그 안의 텐서를 바꾸지 마세요.")
