"""문제 4의 공개 점검: 손으로 계산한 특성, 나누기, 평가 모드, 모드 되돌리기."""

import torch
from torch import nn

from course.backbones import Backbone
from course.checks import close, require, tensor, test_case

OK_FORMAT = False
name = "q4"


def by_hand(dropout=0.0):
    """특성이 ReLU(x0 - x1, x1, x0 + x1 - 3)이고 헤드는 그 합의 1, 10배를 내는 신경망입니다."""
    block = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    model = Backbone(nn.Sequential(block, nn.Flatten(), nn.Dropout(dropout)), nn.Linear(3, 2)).eval()
    with torch.no_grad():
        block[0].weight.copy_(torch.tensor([[1.0, -1.0], [0.0, 1.0], [1.0, 1.0]]))
        block[0].bias.copy_(torch.tensor([0.0, 0.0, -3.0]))
        model.head.weight.copy_(torch.tensor([[1.0, 1.0, 1.0], [10.0, 10.0, 10.0]]))
        model.head.bias.zero_()
    return model


def pictures():
    """배치 정규화와 드롭아웃이 있는 합성곱 신경망과 이미지 7장입니다."""
    torch.manual_seed(5)
    block = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.ReLU())
    model = Backbone(nn.Sequential(block, nn.Flatten(), nn.Dropout(0.5)), nn.Linear(8, 3))
    return model, torch.randn(7, 1, 3, 3)


@test_case(name="손으로 계산한 값과 같습니다", points=4)
def test_by_hand(extract_features):
    x = torch.tensor([[2.0, 1.0], [1.0, 3.0], [4.0, 2.0]])
    expected = torch.tensor([[1.0, 1.0, 0.0], [0.0, 3.0, 1.0], [2.0, 2.0, 3.0]])
    found = tensor(extract_features(by_hand(), x, 2), "특성")
    require(
        found.shape != (3, 2),
        "특성의 모양이 (3, 3)이어야 하는데 (3, 2)입니다.",
        "헤드까지 지난 로짓을 돌려주었습니다.",
        "model(x)가 아니라 model.features를 부르세요.",
    )
    before_relu = torch.tensor([[1.0, 1.0, 0.0], [-2.0, 3.0, 1.0], [2.0, 2.0, 3.0]])
    suspects = [(before_relu, "ReLU를 지나기 전의 값입니다. 헤드에 들어가는 값을 구하세요.")]
    close(found, expected, "특성", suspects=suspects)


@test_case(name="어떻게 나누어도 빠짐없이 순서대로 담습니다", points=4)
def test_batches(extract_features):
    x = torch.arange(14.0).reshape(7, 2)
    whole = tensor(extract_features(by_hand(), x, 7), "bs = 7일 때의 특성", shape=(7, 3))
    for bs in (2, 1, 100):
        found = tensor(extract_features(by_hand(), x, bs), f"bs = {bs}일 때의 특성")
        require(
            len(found) == 7,
            f"표본 7개를 bs = {bs}로 나누었더니 특성이 {len(found)}개입니다.",
            "마지막의 작은 배치를 버렸거나, 한 배치의 결과만 돌려주었습니다." if len(found) < 7 else "",
        )
        close(found, whole, f"bs = {bs}일 때의 특성", suspects=[(whole.flip(0), "순서가 거꾸로입니다.")])
    rows = []
    model = by_hand()
    model.features[0].register_forward_pre_hook(lambda module, inputs: rows.append(len(inputs[0])))
    extract_features(model, x, 3)
    require(
        bool(rows) and max(rows) <= 3,
        f"bs = 3인데 한 번에 {max(rows, default=0)}개를 넣었습니다.",
        "bs를 쓰지 않았거나 배치의 수로 썼습니다.",
    )


@test_case(name="평가 모드에서 계산하고 상태를 바꾸지 않습니다", points=3)
def test_evaluation_mode(extract_features):
    model, x = pictures()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    model.eval()
    expected = model.features(x).detach()
    model.train()
    found = tensor(extract_features(model, x, 3), "특성", shape=(7, 8))
    for key, value in model.state_dict().items():
        require(
            torch.equal(value, before[key]),
            f"특성을 뽑았더니 {key}가 바뀌었습니다.",
            "훈련 모드에서 순전파를 하여 배치 정규화의 통계가 움직였습니다. no_grad는 모드를 바꾸지 않습니다.",
            "backbone.eval()을 부른 뒤에 계산하세요.",
        )
    close(found, expected, "특성", next_step="드롭아웃이 켜져 있지 않은지, backbone.eval()을 불렀는지 확인해 보세요.")


@test_case(name="모드를 되돌리고, 계산 그래프를 남기지 않습니다", points=3)
def test_untouched(extract_features):
    model, x = pictures()
    model.train()
    model.features[0].eval()
    before = [module.training for module in model.modules()]
    found = extract_features(model, x, 3)
    require(model.training, "훈련 모드로 받은 모델이 평가 모드로 남았습니다.", "eval()을 부르고 되돌리지 않았습니다.")
    require(
        [module.training for module in model.modules()] == before,
        "평가 모드로 두었던 안쪽 모듈이 훈련 모드로 바뀌었습니다.",
        "맨 바깥의 모드만 적어 두었다가 train()으로 되돌렸습니다.",
        "모듈마다 training을 적어 두었다가 되돌리세요.",
    )
    require(
        tensor(found, "특성") is not None and not found.requires_grad,
        "특성에 계산 그래프가 달려 있습니다.",
        "torch.no_grad() 밖에서 계산했습니다.",
    )
    require(not found.is_inference(), "inference_mode에서 만든 텐서는 학습에 쓸 수 없습니다.", "", "torch.no_grad()를 쓰세요.")
