"""문제 3의 공개 점검: 모양, 손으로 계산한 값, 기울기의 크기, 기억이 섞이지 않는지."""

import torch

from course.checks import CheckError, close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q3"


def step(rmsprop, p, g, state, **options):
    """반환값이 (p, state)인지 확인해서 돌려줍니다."""
    new, after = sequence(rmsprop(p, g, state, **options), "rmsprop(p, g, state)의 반환값", 2)
    if not isinstance(after, dict):
        raise CheckError(f"state가 딕셔너리가 아니라 {type(after).__name__}입니다.", next_step='{"v": v}처럼 담으세요.')
    return tensor(new, "새 p", shape=p.shape, dtype=p.dtype), after


def walk(rmsprop, gs, **options):
    """p = 0에서 기울기를 차례로 넣고, 단계마다의 p를 모읍니다."""
    p, state, path = torch.zeros(1, dtype=torch.float64), {}, []
    for g in gs:
        p, state = step(rmsprop, p, torch.tensor([float(g)], dtype=torch.float64), state, **options)
        path.append(p.clone())
    return torch.cat(path)


@test_case(name="p와 같은 모양과 dtype인 새 p와 state를 돌려줍니다", points=1)
def test_shapes(rmsprop):
    for shape in ((), (3,), (2, 3)):
        for kind in (torch.float32, torch.float64):
            p = torch.ones(shape, dtype=kind)
            p, state = step(rmsprop, p, torch.full(shape, 0.5, dtype=kind), {}, lr=0.1)
            step(rmsprop, p, torch.full(shape, 0.5, dtype=kind), state, lr=0.1)


@test_case(name="손으로 계산한 값과 같습니다", points=2)
def test_by_hand(rmsprop):
    # alpha = 3/4, g = 4, 2: v = 16/4 = 4, 3/4 * 4 + 4/4 = 4. 두 번 모두 sqrt(v) = 2.
    options = {"lr": 0.1, "alpha": 0.75, "eps": 0.0}
    close(
        walk(rmsprop, [4, 2], **options),
        [-0.2, -0.3],
        "g = 4, 2를 넣은 두 단계 (lr = 0.1, alpha = 0.75, eps = 0)",
        suspects=[
            ([-0.1, -0.1447214], "제곱을 이동 평균하지 않고 모두 더했습니다."),
            ([-0.1, -0.15], "제곱근을 취하지 않았습니다."),
            ([-0.1154701, -0.1971197], "alpha와 1 - alpha가 서로 바뀌었습니다."),
            ([-0.4, -0.5788854], "기울기의 제곱이 아니라 기울기를 평균했습니다."),
            ([-0.1, -0.1661438], "Adam처럼 편향을 보정했습니다. RMSProp에는 편향 보정이 없습니다."),
            ([-0.2, -0.4], "state에 담은 평균을 쓰지 않았습니다."),
            ([0.2, 0.3], "부호가 반대입니다."),
        ],
    )
    # eps = 2이면 4 / (2 + 2) = 1.
    close(
        walk(rmsprop, [4], lr=0.1, alpha=0.75, eps=2.0),
        [-0.1],
        "g = 4를 넣은 한 단계 (eps = 2)",
        suspects=[([-0.1632993], "eps를 제곱근 안에서 더했습니다. sqrt(v) + eps로 나누세요.")],
    )


@test_case(name="eps = 0이면 첫 단계는 기울기의 크기와 상관없고, 받은 것을 바꾸지 않습니다", points=1)
def test_identity(rmsprop):
    options = {"lr": 0.1, "alpha": 0.75, "eps": 0.0}
    small, large = walk(rmsprop, [1e-3], **options), walk(rmsprop, [1e3], **options)
    close(large, small, "g = 1000과 g = 0.001의 첫 단계", next_step="g의 제곱을 평균하고 제곱근을 취했는지 확인하세요.")
    p, g = torch.zeros(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    first, state = step(rmsprop, p, g, {}, **options)
    require(float(p) == 0 and float(g) == 1, "호출한 뒤 p나 g의 값이 바뀌었습니다.", "제자리에서 바꾸는 연산을 썼을 수 있습니다.")
    second, _ = step(rmsprop, first.clone(), g, state, **options)
    again, _ = step(rmsprop, first.clone(), g, state, **options)
    close(again, second, "같은 state로 다시 부른 둘째 단계", next_step="받은 state나 그 안의 텐서를 바꾸지 마세요.")
