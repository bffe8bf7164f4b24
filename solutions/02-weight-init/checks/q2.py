"""문제 2의 공개 점검: 종류, 표준편차, gain과 난수."""

import math

import torch

from course.checks import close, require, tensor, test_case

OK_FORMAT = False
name = "q2"


def filled(xavier_, shape, gain=1.0, seed=0, dtype=torch.float32):
    """새 텐서를 xavier_로 채워 돌려줍니다."""
    w = torch.full(shape, 9.0, dtype=dtype)
    value = xavier_(w, gain, torch.Generator().manual_seed(seed))
    return tensor(value, "xavier_의 반환값", shape=shape, dtype=dtype)


@test_case(name="w와 모양, dtype이 같은 텐서를 돌려줍니다", points=3)
def test_kind(xavier_):
    filled(xavier_, (4, 6))
    filled(xavier_, (4, 6), dtype=torch.float64)
    w = filled(xavier_, (4, 3, 2, 5))
    require(
        not bool((w == 9.0).all()),
        "돌려준 w의 값이 처음과 같습니다.",
        "복사본을 초기화하고 원래의 w를 돌려주었을 수 있습니다.",
        "`w.clone()`이나 `w + 0`처럼 새 텐서를 만드는 식이 있는지 확인해 보세요.",
    )
    xavier_(torch.nn.Parameter(torch.zeros(4, 6)), 1.0, torch.Generator())


@test_case(name="n_in = 500, n_out = 300에서 표준편차가 1/20입니다", points=6)
def test_by_hand(xavier_):
    # 2 / (500 + 300) = 1 / 400이므로 표준편차는 1/20입니다. 원소가 15만 개라 오차는 1%보다 훨씬 작습니다.
    w = filled(xavier_, (300, 500)).double()
    close(
        w.std() * 20,
        1.0,
        "표준편차 × 20",
        tolerance=0.01,
        suspects=[
            (1 / 20, "분산 2/(n_in + n_out)을 표준편차로 썼습니다. 제곱근을 취하세요."),
            (math.sqrt(3), "균등분포의 경계를 표준편차로 썼습니다. 경계가 a이면 표준편차는 a/√3입니다."),
            (1 / math.sqrt(3), "표준편차를 균등분포의 경계로 썼습니다. 경계는 표준편차의 √3배입니다."),
            (math.sqrt(1 / 2), "분자의 2가 빠졌습니다."),
            (math.sqrt(4 / 5), "n_in만 썼습니다. Xavier는 n_in과 n_out을 더합니다."),
            (math.sqrt(4 / 3), "n_out만 썼습니다. Xavier는 n_in과 n_out을 더합니다."),
            (math.sqrt(1.6), "2/n_in은 He 초기화입니다."),
            (1 / 2, "균등분포의 한쪽(0 이상)에서만 뽑았을 수 있습니다."),
        ],
    )
    require(
        abs(float(w.mean())) < 0.002,
        "가중치의 평균이 0이 아닙니다.",
        "torch.rand는 0과 1 사이의 수를 줍니다. 또는 w의 원래 값에 더했을 수 있습니다.",
    )


@test_case(name="gain은 표준편차에 곱하고, 난수는 gen에서 이어서 뽑습니다", points=3)
def test_identity(xavier_):
    ratio = filled(xavier_, (300, 500), gain=3.0).std() / filled(xavier_, (300, 500), gain=1.0).std()
    close(
        ratio,
        3.0,
        "gain을 3으로 했을 때 표준편차의 배율",
        tolerance=0.01,
        suspects=[
            (9.0, "gain을 두 번 곱했습니다. 분산에 gain의 제곱을 곱하면 표준편차에는 gain이 곱해집니다."),
            (math.sqrt(3), "gain을 분산에 곱했습니다. 표준편차에 곱하세요."),
            (1.0, "gain을 쓰지 않았습니다."),
        ],
    )
    gen = torch.Generator().manual_seed(3)
    first = xavier_(torch.zeros(20, 30), 1.0, gen).clone()
    second = xavier_(torch.zeros(20, 30), 1.0, gen)
    require(
        not torch.equal(first, second),
        "같은 gen으로 이어서 채운 두 층의 가중치가 똑같습니다.",
        "함수 안에서 시드를 다시 심었습니다.",
        "manual_seed를 부르지 말고 받은 gen에서 이어서 뽑으세요.",
    )
    torch.manual_seed(77)
    again = xavier_(torch.zeros(20, 30), 1.0, torch.Generator().manual_seed(3))
    require(
        torch.equal(first, again),
        "같은 시드의 gen으로 다시 불렀더니 값이 다릅니다.",
        "gen이 아니라 전역 난수에서 뽑았습니다.",
        "normal_이나 uniform_, torch.randn에 generator=gen을 넘기세요.",
    )
