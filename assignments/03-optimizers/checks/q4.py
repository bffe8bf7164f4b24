"""문제 4의 공개 점검: 모양, 손으로 계산한 값, 편향 보정의 항등식, 기억이 섞이지 않는지."""

import torch

from course.checks import CheckError, close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q4"


def step(adam, p, g, state, **options):
    """반환값이 (p, state)인지 확인해서 돌려줍니다."""
    new, after = sequence(adam(p, g, state, **options), "adam(p, g, state)의 반환값", 2)
    if not isinstance(after, dict):
        raise CheckError(f"state가 딕셔너리가 아니라 {type(after).__name__}입니다.")
    new = tensor(new, "새 p", shape=p.shape, dtype=p.dtype)
    require(
        bool(torch.isfinite(new).all()),
        "새 p에 nan 또는 inf가 있습니다.",
        "t를 0부터 세면 1 - beta^t가 0이 되어 0으로 나눕니다.",
        "첫 단계가 t = 1이 되게 하세요.",
    )
    return new, after


def walk(adam, gs, **options):
    """p = 0에서 기울기를 차례로 넣고, 단계마다의 p를 모읍니다."""
    p, state, path = torch.zeros(1, dtype=torch.float64), {}, []
    for g in gs:
        p, state = step(adam, p, torch.tensor([float(g)], dtype=torch.float64), state, **options)
        path.append(p.clone())
    return torch.cat(path)


OPTIONS = {"lr": 0.1, "betas": (0.8, 0.75), "eps": 0.0}


@test_case(name="p와 같은 모양과 dtype인 새 p와 state를 돌려줍니다", points=1)
def test_shapes(adam):
    for shape in ((), (3,), (2, 3)):
        for kind in (torch.float32, torch.float64):
            p = torch.ones(shape, dtype=kind)
            p, state = step(adam, p, torch.full(shape, 0.5, dtype=kind), {}, lr=0.1)
            step(adam, p, torch.full(shape, 0.5, dtype=kind), state, lr=0.1)


@test_case(name="손으로 계산한 값과 같습니다", points=3)
def test_by_hand(adam):
    # beta1 = 0.8, beta2 = 0.75, g = 4, -4. 제곱은 늘 16이므로 보정한 v도 늘 16, 제곱근은 4.
    # m = 0.8, 0.64 - 0.8 = -0.16. 보정하면 0.8 / 0.2 = 4, -0.16 / 0.36 = -4/9. p = -0.1, -0.1 + 0.1/9.
    close(
        walk(adam, [4, -4], **OPTIONS),
        [-0.1, -0.8 / 9],
        "g = 4, -4를 넣은 두 단계 (lr = 0.1, betas = (0.8, 0.75), eps = 0)",
        suspects=[
            ([-0.04, -0.0339526], "편향을 보정하지 않았습니다."),
            ([-0.2, -0.1832016], "v만 보정하지 않았습니다."),
            ([-0.02, -0.016], "m을 보정하지 않았습니다."),
            ([-0.1, -0.0857143], "betas의 두 값이 서로 바뀌었습니다."),
            ([0.1, 0.8 / 9], "부호가 반대입니다."),
            ([-0.2, -0.1777778], "기울기의 제곱이 아니라 크기를 평균했습니다."),
            ([-0.1, 0.0], "state에 담은 값을 다음 단계에 쓰지 않았습니다."),
            ([-0.025, -0.2 / 9], "제곱근을 취하지 않았습니다."),
        ],
    )
    close(
        walk(adam, [4], lr=0.1, betas=(0.8, 0.75), eps=4.0),
        [-0.05],
        "g = 4를 넣은 한 단계 (eps = 4)",
        suspects=[
            ([-0.0894427], "eps를 제곱근 안에서 더했습니다. sqrt(v) + eps로 나누세요."),
            ([-0.4 / 12], "보정하기 전의 v에 eps를 더했습니다. 보정한 뒤에 더하세요."),
        ],
    )


@test_case(name="eps = 0이면 기울기가 일정할 때 모든 단계가 lr과 같습니다", points=2)
def test_identity(adam):
    for g in (1e-3, 1e3):
        close(
            walk(adam, [g] * 4, **OPTIONS),
            [-0.1, -0.2, -0.3, -0.4],
            f"g = {g:g}를 네 번 넣은 단계",
            suspects=[([-0.1, -0.1, -0.1, -0.1], "새 p가 아니라 처음의 p에서 움직였습니다.")],
            next_step="t가 단계마다 1씩 늘어나는지, state에는 보정하기 전의 m과 v를 담는지 확인하세요.",
        )


@test_case(name="받은 것을 바꾸지 않고, 파라미터마다 t를 따로 셉니다", points=2)
def test_untouched(adam):
    expected = walk(adam, [4, -4, 1], **OPTIONS)
    close(
        walk(adam, [4, -4, 1], **OPTIONS),
        expected,
        "처음부터 다시 넣은 세 단계",
        next_step="t, m, v를 함수 밖에 두지 말고 state에만 담으세요.",
    )
    p, g = torch.zeros(1, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    first, state = step(adam, p, g, {}, **OPTIONS)
    require(float(p) == 0 and float(g) == 1, "호출한 뒤 p나 g의 값이 바뀌었습니다.", "제자리에서 바꾸는 연산을 썼을 수 있습니다.")
    second, _ = step(adam, first.clone(), -3 * g, state, **OPTIONS)
    again, _ = step(adam, first.clone(), -3 * g, state, **OPTIONS)
    close(
        again,
        second,
        "같은 state로 다시 부른 둘째 단계",
        next_step="받은 state를 바꾸지 마세요. `state['t'] += 1`과 `m.mul_()`은 받은 것을 바꿉니다.",
    )
