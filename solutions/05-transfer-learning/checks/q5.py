"""문제 5의 공개 점검: 그대로인 특성 부분, 손으로 계산한 첫 손실과 처음 두 단계, 배우는 헤드."""

import math

import torch
from torch import nn

from course.backbones import Backbone
from course.checks import close, number, require, sequence, test_case

OK_FORMAT = False
name = "q5"


def model_and_task():
    torch.manual_seed(6)
    features = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.3))
    y = torch.arange(18) % 3
    x = torch.randn(18, 4) + 2 * torch.eye(3, 4)[y]
    return Backbone(features, nn.Linear(6, 3)).train(), x, y


@test_case(name="특성 부분의 파라미터와 버퍼가 비트까지 그대로입니다", points=4)
def test_backbone(train_head):
    model, x, y = model_and_task()
    before = {key: value.clone() for key, value in model.features.state_dict().items()}
    train_head(model, x, y, steps=3, lr=0.05)
    for key, value in model.features.state_dict().items():
        running = "running" in key or "num_batches" in key
        require(
            torch.equal(value, before[key]),
            f"특성 부분의 {key}가 바뀌었습니다.",
            "훈련 모드에서 특성을 계산하여 통계가 움직였습니다." if running else "옵티마이저에 모델 전체를 넘겼습니다.",
            "특성은 평가 모드에서 한 번만 뽑고, 헤드의 파라미터만 옵티마이저에 넘기세요.",
        )


def adam_second(first, second):
    """Adam의 둘째 단계가 lr의 몇 배인지: 두 기울기의 편향을 고친 평균 나누기 편향을 고친 제곱 평균의 제곱근입니다."""
    mean = (0.9 * 0.1 * first + 0.1 * second) / (1 - 0.9**2)
    square = (0.999 * 0.001 * first**2 + 0.001 * second**2) / (1 - 0.999**2)
    return mean / math.sqrt(square)


@test_case(name="손으로 계산한 첫 손실, 처음 두 단계와 같습니다", points=4)
def test_by_hand(train_head):
    # 헤드가 0이면 두 클래스의 확률이 1/2이므로 손실은 log 2입니다.
    # Adam의 첫 단계는 기울기의 부호 방향으로 lr만큼입니다. 특성 (1, 3)의 정답이 0이면 0번 줄은 커지고 1번 줄은 작아집니다.
    model = Backbone(nn.Identity(), nn.Linear(2, 2))
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias.zero_()
    losses = train_head(model, torch.tensor([[1.0, 3.0], [1.0, 3.0]]), torch.tensor([0, 0]), steps=1, lr=0.25)
    losses = sequence(losses, "손실의 리스트", 1, suspect="단계마다 갱신하기 전의 손실을 하나씩 담으세요.")
    close(number(losses[0], "첫 손실"), math.log(2), "첫 손실", suspects=[(2 * math.log(2), "손실을 더했습니다. 평균을 쓰세요.")])
    expected = torch.tensor([[0.25, 0.25], [-0.25, -0.25]])
    plain = 0.25 * torch.tensor([[0.5, 1.5], [-0.5, -1.5]])
    close(
        model.head.weight,
        expected,
        "한 단계 뒤의 헤드 가중치",
        suspects=[
            (torch.zeros(2, 2), "헤드가 학습되지 않았습니다. 옵티마이저에 헤드를 넘겼는지, step()을 불렀는지 보세요."),
            (-expected, "손실이 커지는 쪽으로 움직였습니다."),
            (plain, "SGD로 갱신했습니다. 이 문제는 Adam을 씁니다."),
            (expected * 0.04, "lr 인자 대신 0.01을 썼습니다."),
        ],
    )
    # 둘째 단계의 기울기는 확률이 1/2에서 p로 자란 만큼 작습니다. 움직이는 크기는 특성과 상관없이 두 기울기의 비만 따릅니다.
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias.zero_()
    train_head(model, torch.tensor([[1.0, 3.0], [1.0, 3.0]]), torch.tensor([0, 0]), steps=2, lr=0.25)
    first, second = 0.5, 1 - 1 / (1 + math.exp(-2.5))
    fresh, summed = (0.25 + 0.25 * adam_second(first, gradient) for gradient in (second, first + second))
    signs = torch.tensor([[1.0, 1.0], [-1.0, -1.0]])
    close(
        model.head.weight,
        fresh * signs,
        "두 단계 뒤의 헤드 가중치",
        suspects=[(summed * signs, "앞 단계의 기울기가 더해지고 있습니다. 단계마다 zero_grad()를 부르세요.")],
    )


@test_case(name="손실이 줄어들고, 단계마다 하나씩 돌려줍니다", points=3)
def test_learns(train_head):
    model, x, y = model_and_task()
    losses = sequence(train_head(model, x, y, steps=40, lr=0.05), "손실의 리스트", 40)
    losses = [number(loss, "손실") for loss in losses]
    require(
        losses[-1] < 0.8 * losses[0],
        "40단계를 학습해도 손실이 거의 줄지 않습니다.",
        "헤드를 매번 새로 만들었거나, zero_grad를 부르지 않았거나, 갱신한 뒤 손실을 다시 계산하지 않았습니다.",
    )
    rises = sum(after > before + 1e-6 for before, after in zip(losses, losses[1:]))
    require(
        rises <= 3,
        "손실이 오르내립니다. 고정된 특성의 전체 배치에서는 매끄럽게 줄어야 합니다.",
        "특성을 훈련 모드에서 매번 계산하여 드롭아웃이 켜져 있습니다.",
        "특성을 평가 모드에서 한 번만 뽑으세요.",
    )
