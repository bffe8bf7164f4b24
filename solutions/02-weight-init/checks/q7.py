"""문제 7의 공개 점검: 종류, 손으로 계산한 값, 허용 오차와 한도."""

import math

import torch

from course.checks import close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q7"

# 원소가 1과 -1뿐이라 분산이 1인 데이터입니다. 분모가 원소의 수여도 하나 적어도 차이가 0.1%보다 작습니다.
X = torch.tensor([[1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0]], dtype=torch.float64).repeat(150, 1)
EYE = torch.eye(2, dtype=torch.float64)


def scales(lsuv, numbers, act, x=X, **options):
    """단위행렬의 numbers배인 층들을 맞추고, 단위행렬의 몇 배가 되었는지 돌려줍니다."""
    what = f"lsuv(Ws, x, {', '.join([repr(act), *(f'{key}={value}' for key, value in options.items())])})"
    answer = sequence(lsuv([number * EYE for number in numbers], x.clone(), act, **options), what, len(numbers))
    found = []
    for layer, value in enumerate(answer):
        W = tensor(value, f"{what}의 {layer}번 가중치", shape=(2, 2), dtype=torch.float64)
        straight = bool((W - W[0, 0] * EYE).abs().max() < 1e-6)
        require(straight, f"{what}: {layer}번 가중치의 방향이 바뀌었습니다.", "층마다 수 하나로 나누기만 하세요.")
        found.append(float(W[0, 0]))
    return torch.tensor(found, dtype=torch.float64)


@test_case(name="활성화 함수가 없을 때: 손으로 계산한 값과 같습니다", points=5)
def test_linear(lsuv):
    # 0번 층을 4로 나누면 분산이 1이고, 그다음 층은 0.5배이므로 2배가 되어야 합니다.
    close(
        scales(lsuv, (4.0, 0.5), "linear"),
        [1.0, 1.0],
        "단위행렬의 4배와 0.5배를 맞춘 결과",
        tolerance=0.01,
        suspects=[
            ([1.0, 0.25], "1번 층을 잴 때 아직 맞추지 않은 0번 층의 신호를 넣었습니다."),
            ([1.0, 0.5], "1번 층에 신호가 아니라 다른 것이 들어갔거나, 1번 층을 맞추지 않았습니다."),
            ([4.0, 0.5], "받은 가중치 그대로입니다. 또는 표준편차가 아니라 분산으로 나누어, 되풀이하다 제자리로 돌아왔습니다."),
            ([0.25, 32.0], "표준편차가 아니라 분산으로 나누었습니다. 제곱근을 취하세요."),
        ],
    )


@test_case(name="만족한 층은 그대로 두고, 받은 것을 바꾸지 않습니다", points=5)
def test_kept(lsuv):
    # 1.1배이면 분산이 1.21입니다. 1과의 차이 0.21은 0.3보다 작고 0.1보다 큽니다.
    close(
        scales(lsuv, (1.1,), "linear", tol=0.3),
        [1.1],
        "분산 1.21을 tol = 0.3에서 맞춘 결과",
        suspects=[([1.0], "이미 만족한 층을 나누었습니다. 나누기 전에 먼저 재세요.")],
        tolerance=2e-3,
    )
    close(
        scales(lsuv, (1.1,), "linear", tol=0.1),
        [1.0],
        "분산 1.21을 tol = 0.1에서 맞춘 결과",
        suspects=[([1.1], "tol을 인자로 받은 값이 아니라 정해진 수와 견주었거나, 한 번도 나누지 않았습니다.")],
        tolerance=2e-3,
    )
    Ws, x = [4 * EYE, EYE], X.clone()
    lsuv(Ws, x, "relu")
    same = len(Ws) == 2 and torch.equal(Ws[0], 4 * EYE) and torch.equal(Ws[1], EYE) and torch.equal(x, X)
    require(
        same,
        "부른 뒤에 Ws나 x의 값이 달라졌습니다.",
        "`W /= ...`나 `Ws[l] = ...`는 받은 것을 바꿉니다.",
        "`W = W / ...`로 새 텐서를 만들고, 새 리스트에 담으세요.",
    )


@test_case(name="tanh의 분산은 1이 될 수 없습니다: 한 층에서 max_steps번만 나눕니다", points=6)
def test_limit(lsuv):
    # 입력이 1과 -1이므로 W가 단위행렬의 s배이면 출력은 tanh(s)와 -tanh(s), 분산은 tanh(s)²입니다.
    once = 1 / math.tanh(1)
    twice = once / math.tanh(once)
    close(
        scales(lsuv, (1.0,), "tanh", max_steps=0),
        [1.0],
        "max_steps = 0일 때",
        next_step="한 층에서 나누는 횟수를 세고, max_steps에 이르면 다음 층으로 가세요.",
        tolerance=2e-3,
    )
    for steps, expected in ((1, once), (2, twice)):
        close(
            scales(lsuv, (1.0,), "tanh", max_steps=steps),
            [expected],
            f"max_steps = {steps}일 때 tanh를 맞춘 결과",
            suspects=[
                ([1.0], "활성화 함수를 적용하기 전의 z를 쟀습니다. 재는 것은 φ(z)입니다."),
                ([once], "한 번만 나누었습니다. 나눈 뒤에 다시 재세요."),
                ([twice], "max_steps보다 한 번 더 나누었습니다."),
            ],
            tolerance=4e-3,
            next_step="한 층에서 나누는 횟수를 세고, max_steps에 이르면 다음 층으로 가세요.",
        )
    alone = float(scales(lsuv, (1.0,), "tanh", max_steps=2)[0])
    both = scales(lsuv, (1.0, 1.0), "tanh", max_steps=2)
    close(both[0], alone, "층이 하나 더 있을 때의 0번 층", tolerance=1e-6)
    require(float(both[1]) > 1.0, "1번 층을 나누지 않았습니다.", "횟수를 층마다 따로 세지 않았을 수 있습니다.")
