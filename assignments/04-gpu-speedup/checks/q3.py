"""문제 3의 공개 점검: 모양, 손으로 계산한 값, 항등식 하나."""

import torch

from course.checks import close, require, tensor, test_case

OK_FORMAT = False
name = "q3"


@test_case(name="꺾이는 점을 손으로 계산한 값과 비교합니다", points=1)
def test_ridge(ridge_point):
    close(
        ridge_point(600.0, 20.0),
        30.0,
        "ridge_point(600, 20)",
        suspects=[(1 / 30, "거꾸로 나누었습니다. 단위가 FLOP/byte가 되는지 확인하세요."), (12000.0, "곱하지 말고 나누세요.")],
    )


@test_case(name="두 지붕 가운데 낮은 쪽을 돌려줍니다", points=4)
def test_by_hand(roofline):
    higher = "큰 쪽을 골랐습니다. 두 한계를 모두 지켜야 하므로 작은 쪽입니다."
    # 최대 600 FLOP/s, 대역폭 20 byte/s인 기계: 꺾이는 점은 30 FLOP/byte.
    close(
        roofline(2.0, 600.0, 20.0),
        40.0,
        "roofline(2, 600, 20), 꺾이는 점의 왼쪽",
        suspects=[
            (600.0, higher),
            (10.0, "대역폭을 연산 강도로 나누었습니다. 1 byte마다 연산을 I번 하므로 곱하세요."),
            (20.0, "연산 강도를 곱하지 않았습니다."),
            (37.5, "두 한계를 부드럽게 이었습니다. 이 과제에서는 작은 쪽 그대로입니다."),
        ],
    )
    close(
        roofline(90.0, 600.0, 20.0),
        600.0,
        "roofline(90, 600, 20), 꺾이는 점의 오른쪽",
        suspects=[(1800.0, "연산 장치의 한계(peak)를 넘었습니다. 둘 가운데 작은 쪽입니다."), (450.0, "두 한계를 부드럽게 이었습니다.")],
    )


@test_case(name="텐서를 넣으면 원소마다 계산하고, 입력은 그대로입니다", points=2)
def test_tensor(roofline):
    ai = torch.tensor([[2.0, 30.0, 90.0], [1.0, 0.5, 40.0]])
    kept = ai.clone()
    found = tensor(roofline(ai, 600.0, 20.0), "roofline(텐서)", shape=(2, 3))
    close(found, [[40.0, 600.0, 600.0], [20.0, 10.0, 600.0]], "roofline(텐서)")
    require(torch.equal(ai, kept), "입력 ai의 값이 바뀌었습니다.", "`ai *= bandwidth`처럼 그 자리에서 바꾸는 연산을 썼을 수 있습니다.")
