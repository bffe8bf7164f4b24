"""문제 6의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

import torch

from course.checks import close, number, test_case

OK_FORMAT = False
name = "q6"

INVERSE = "비율이 거꾸로입니다. 출력 쪽에서 입력 쪽으로 한 층 갈 때의 비율을 구하세요."


@test_case(name="수 하나를 돌려주고, 점이 둘보다 적으면 nan입니다", points=1)
def test_kind(decay_factor):
    number(decay_factor(torch.tensor([1.0, 2.0, 4.0])), "decay_factor의 반환값")
    close(decay_factor(torch.tensor([0.0, 3.0])), float("nan"), "norms = [0, 3]", next_step="점 하나로는 직선을 정할 수 없습니다.")


@test_case(name="손으로 계산한 값과 같습니다", points=4)
def test_by_hand(decay_factor):
    # 입력 쪽으로 한 층 갈 때마다 반으로 줄어듭니다.
    close(
        decay_factor(torch.tensor([1 / 8, 1 / 4, 1 / 2, 1.0])),
        0.5,
        "norms = [1/8, 1/4, 1/2, 1]",
        suspects=[
            (2.0, INVERSE),
            (0.6931472, "로그 눈금에서의 경사를 그대로 돌려주었습니다. 노름에 곱해지는 배율로 바꾸세요."),
            (-0.6931472, "로그 눈금에서의 경사를 그대로 돌려주었습니다. 노름에 곱해지는 배율로 바꾸세요."),
            (0.7400556, "밑이 10인 로그를 썼습니다. 자연로그를 쓰세요."),
        ],
    )
    # log norms / ln 2 = (0, 0, 3): l = 0, 1, 2에 대한 최소제곱 직선의 경사는 3/2, r = 2^(-3/2).
    close(
        decay_factor(torch.tensor([1.0, 1.0, 8.0])),
        2**-1.5,
        "norms = [1, 1, 8]",
        suspects=[(2**1.5, INVERSE), (0.5625, "이웃한 비율의 산술 평균입니다. 로그에 직선을 맞추세요.")],
    )


@test_case(name="0인 항은 자리를 지킨 채 빠지고, 전체를 c배 해도 그대로입니다", points=3)
def test_identity(decay_factor):
    close(
        decay_factor(torch.tensor([1 / 8, 0.0, 1 / 2, 1.0])),
        0.5,
        "norms = [1/8, 0, 1/2, 1]",
        suspects=[(0.3535534, "0을 뺀 뒤 층 번호를 다시 매겼습니다. 남은 항의 층 번호 l은 그대로 둡니다.")],
        next_step="log(0)은 -inf입니다. 0이거나 유한하지 않은 항만 빼고, l은 원래 값을 쓰세요.",
    )
    norms = torch.tensor([0.3, 0.2, 0.7, 0.4])
    close(decay_factor(100 * norms), number(decay_factor(norms), "r"), "norms를 100배 했을 때의 r")
