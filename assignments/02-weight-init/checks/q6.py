"""문제 6의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

import math

import torch

from course.checks import close, require, tensor, test_case

OK_FORMAT = False
name = "q6"

ROOT = math.sqrt(2)


@test_case(name="모양이 (L,)인 텐서를 돌려줍니다", points=2)
def test_kind(predict_std):
    for act in ["linear", "relu", "tanh", "silu"]:
        for scheme in ("xavier", "he", "default"):
            tensor(predict_std(act, 5, scheme), f'predict_std("{act}", 5, "{scheme}")', shape=(5,))
    tensor(predict_std("relu", 1, "he"), "L = 1일 때의 반환값", shape=(1,))


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(predict_std):
    late = "0번 층에 이미 ReLU의 1/2을 곱했습니다. 0번 층의 입력은 x입니다."
    square = "표준편차가 아니라 분산입니다. 제곱근을 취하세요."
    # Xavier: n Var(w) = 1. ReLU를 지날 때마다 분산이 절반이 됩니다: 1, 1/2, 1/4.
    close(
        predict_std("relu", 3, "xavier"),
        [1.0, 1 / ROOT, 1 / 2],
        'predict_std("relu", 3, "xavier")',
        suspects=[
            ([1.0, 1 / 2, 1 / 4], square),
            ([1 / ROOT, 1 / 2, 1 / (2 * ROOT)], late),
            ([1.0, 1.0, 1.0], "ReLU가 제곱 평균을 절반으로 줄이는 것을 빠뜨렸습니다."),
            ([1.0, ROOT, 2.0], "배율이 거꾸로입니다. ReLU는 신호를 줄입니다."),
        ],
    )
    # He: n Var(w) = 2. 2 x 1/2 = 1이므로 그대로입니다.
    close(
        predict_std("relu", 3, "he"),
        [ROOT, ROOT, ROOT],
        'predict_std("relu", 3, "he")',
        suspects=[
            ([2.0, 2.0, 2.0], square),
            ([1.0, 1.0, 1.0], late),
            ([ROOT, 2.0, 2 * ROOT], "ReLU가 제곱 평균을 절반으로 줄이는 것을 빠뜨렸습니다."),
        ],
    )
    close(
        predict_std("linear", 3, "he"),
        [ROOT, 2.0, 2 * ROOT],
        'predict_std("linear", 3, "he")',
        suspects=[([ROOT] * 3, '"linear"에서도 1/2을 곱했습니다.'), ([2.0, 4.0, 8.0], square)],
    )


@test_case(name="torch의 기본값은 분산이 1/(3n)입니다", points=3)
def test_identity(predict_std):
    found = tensor(predict_std("relu", 12, "default"), "반환값", shape=(12,)).double()
    close(
        found[1:] / found[:-1],
        torch.full((11,), math.sqrt(1 / 6)),
        '"default"와 ReLU에서 한 층을 지날 때의 배율',
        suspects=[
            (torch.ones(11), "torch의 기본값을 He 초기화로 보았습니다."),
            (torch.full((11,), 1 / ROOT), "경계 1/√n을 표준편차로 썼습니다. 균등분포의 표준편차는 경계의 1/√3배입니다."),
            (torch.full((11,), 1 / 6), "표준편차가 아니라 분산의 배율입니다."),
        ],
    )
    close(found[0], math.sqrt(1 / 3), '"default"의 0번 층')


@test_case(name="tanh의 몫은 신호의 크기에 따라 달라집니다", points=4)
def test_curved(predict_std):
    # 아주 작은 z에서 tanh(z)는 z와 같아 몫이 1에 가깝고, 클수록 작아집니다. 그래서 줄어드는 빠르기도 점점 느려집니다.
    found = tensor(predict_std("tanh", 8, "xavier"), 'predict_std("tanh", 8, "xavier")', shape=(8,)).double()
    close(found[0], 1.0, '"tanh"의 0번 층', tolerance=0.01)
    ratios = found[1:] / found[:-1]
    require(
        bool((ratios < 1).all()),
        "tanh와 Xavier에서 층을 지나도 값이 줄지 않습니다.",
        "tanh(z)²은 언제나 z²보다 작습니다." if bool((ratios > 0.999).all()) else "배율이 거꾸로일 수 있습니다.",
    )
    require(
        bool((ratios[1:] - ratios[:-1] > 1e-4).all()),
        f"tanh에서 한 층의 배율이 모든 층에서 비슷합니다(첫 층 {float(ratios[0]):.3f}, 마지막 층 {float(ratios[-1]):.3f}).",
        "신호가 줄면 tanh는 직선에 가까워지는데, 몫을 한 번만 구했거나 상수로 두었습니다.",
        "층마다 그 층의 제곱 평균에서 몫을 다시 구하세요.",
    )
    small = tensor(predict_std("silu", 3, "default"), "반환값", shape=(3,)).double()
    require(
        bool(small[2] / small[1] < math.sqrt(1 / 6)),
        "silu의 작은 신호가 ReLU보다 덜 줄어듭니다.",
        "작은 z에서 silu(z)는 z/2에 가까우므로 제곱 평균이 1/4쯤 됩니다. PHI[act]를 썼는지 확인해 보세요.",
    )
