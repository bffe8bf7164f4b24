"""문제 6의 공개 점검: 종류, 손으로 센 단계 수, 닿지 못하는 경우. 절반으로 줄이는 장난감 옵티마이저를 씁니다."""

import math

import torch

from course.checks import close, number, require, tensor, test_case

OK_FORMAT = False
name = "q6"


def half(p, g, state, **hp):
    """기울기를 보지 않고 p를 절반으로 줄입니다. f는 단계마다 4분의 1이 됩니다."""
    return p / 2, {}


@test_case(name="기울기와 p, state, 하이퍼파라미터를 옵티마이저에 바르게 넘깁니다", points=4)
def test_calls(steps_to_tol):
    seen = []

    def spy(p, g, state, **hp):
        seen.append((tensor(p, "opt가 받은 p", shape=(2,), dtype=torch.float64).clone(), g.detach().clone(), dict(state), hp))
        return p / 2, {"number": len(seen)}

    steps_to_tol(spy, 4.0, tol=1e-9, max_steps=3, lr=0.3)
    require(len(seen) > 0, "opt를 한 번도 부르지 않았습니다.")
    close(seen[0][0], [1.0, 1.0], "첫 단계의 p")
    close(
        seen[0][1],
        [1.0, 4.0],
        "첫 단계의 기울기 (kappa = 4)",
        suspects=[
            ([0.5, 2.0], "1/2을 미분하지 않고 그대로 곱했습니다."),
            ([2.0, 8.0], "f의 1/2을 빠뜨렸습니다."),
            ([1.0, 16.0], "kappa를 제곱했습니다."),
            ([4.0, 1.0], "두 방향이 바뀌었습니다. kappa는 둘째 방향의 곡률입니다."),
            ([0.25, 1.0], "곡률이 1과 kappa가 아니라 1/kappa와 1입니다."),
        ],
    )
    require(seen[0][2] == {}, "첫 단계의 state가 빈 딕셔너리가 아닙니다.")
    require(seen[0][3] == {"lr": 0.3}, "opt가 하이퍼파라미터를 받지 못했습니다.", "**hp를 넘기지 않았습니다.")
    require(len(seen) > 1, "opt를 한 번만 불렀습니다.")
    close(seen[1][0], [0.5, 0.5], "둘째 단계의 p", next_step="옵티마이저가 돌려준 p를 다음 단계에 넣으세요.")
    close(seen[1][1], [0.5, 2.0], "둘째 단계의 기울기", next_step="새 p에서 기울기를 다시 구하세요.")
    require(seen[1][2] == {"number": 1}, "둘째 단계의 state가 첫 단계에서 돌려받은 것이 아닙니다.")


@test_case(name="손으로 센 단계 수와 같습니다", points=5)
def test_by_hand(steps_to_tol):
    # kappa = 3: f = 2, 1/2, 1/8, 1/32, ...
    close(
        number(steps_to_tol(half, 3.0, tol=0.2), "단계 수"),
        2.0,
        "f = 2, 1/2, 1/8에서 tol = 0.2까지의 단계 수",
        suspects=[
            (1.0, "출발점의 f부터 보아야 합니다. 아니면 한 단계 덜 세었습니다."),
            (3.0, "한 단계 더 세었거나, f에 1/2이 빠졌거나, f가 아니라 p의 노름을 보았습니다."),
        ],
    )
    close(number(steps_to_tol(half, 3.0, tol=2.5), "단계 수"), 0.0, "출발점이 이미 tol 이하일 때의 단계 수")
    close(number(steps_to_tol(half, 3.0), "단계 수"), 6.0, "tol을 주지 않았을 때의 단계 수", next_step="tol의 기본값은 1e-3입니다.")


@test_case(name="닿지 못하면 math.inf입니다", points=3)
def test_never(steps_to_tol):
    found = steps_to_tol(half, 3.0, tol=1e-9, max_steps=5)
    require(
        number(found, "닿지 못했을 때의 반환값") == math.inf, "max_steps 안에 닿지 못했는데 math.inf가 아닙니다."
    )
    close(number(steps_to_tol(half, 3.0, tol=0.2, max_steps=2), "단계 수"), 2.0, "마지막 단계에서 닿았을 때의 단계 수")
    grown = steps_to_tol(lambda p, g, state, **hp: (p * 1e30, {}), 3.0, max_steps=50)
    require(number(grown, "발산했을 때의 반환값") == math.inf, "발산했는데 math.inf가 아닙니다.")
