"""문제 2의 공개 점검: 로짓의 모양, 이어받은 특성, 두 모델의 독립."""

import torch
from torch import nn

from course.backbones import Backbone
from course.checks import CheckError, require, test_case

OK_FORMAT = False
name = "q2"


def backbone():
    torch.manual_seed(4)
    features = nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.BatchNorm1d(5), nn.ReLU())
    model = Backbone(features, nn.Linear(5, 3)).double().eval()
    model.features[2].running_mean.fill_(0.25)
    return model


def call(replace_head, model, n):
    new = replace_head(model, n)
    if not isinstance(new, nn.Module) or not hasattr(new, "features") or not hasattr(new, "head"):
        got = type(new).__name__
        hint = "return을 빠뜨렸을 수 있습니다." if new is None else ""
        raise CheckError(f"반환값은 features와 head가 있는 모델이어야 하는데 {got}입니다.", hint)
    return new


@test_case(name="새 모델은 표본마다 로짓 n개를 냅니다", points=2)
def test_shapes(replace_head):
    x = torch.randn(7, 2, 3, dtype=torch.float64)
    for n in (8, 1, 3):
        new = call(replace_head, backbone(), n).eval()
        got = tuple(new(x).shape)
        require(
            got == (7, n),
            f"n = {n}일 때 로짓의 모양이 (7, {n})이어야 하는데 {got}입니다.",
            "헤드의 출력 수를 정해 두었거나, 받은 모델을 그대로 돌려주었습니다.",
        )


@test_case(name="특성은 그대로이고 헤드는 새것입니다", points=3)
def test_features(replace_head):
    model = backbone()
    new = call(replace_head, model, 3)
    old_state, new_state = model.features.state_dict(), new.features.state_dict()
    require(old_state.keys() == new_state.keys(), "features의 구조가 원래와 다릅니다.")
    for key in old_state:
        require(
            torch.equal(old_state[key], new_state[key]),
            f"특성 부분의 {key}가 원래 모델과 다릅니다.",
            "특성 부분을 새로 만들어 사전 훈련한 값을 잃었습니다.",
            "모델을 새로 만들지 말고 통째로 복사하세요.",
        )
    require(
        not torch.equal(new.head.weight, backbone().head.weight),
        "n이 원래 클래스의 수와 같을 때 헤드가 옛 헤드 그대로입니다.",
        next_step="n과 상관없이 nn.Linear를 새로 만드세요.",
    )


@test_case(name="새 모델을 학습해도 원래 모델은 그대로입니다", points=3)
def test_independent(replace_head):
    model, x = backbone(), torch.randn(7, 2, 3, dtype=torch.float64)
    before = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    new = call(replace_head, model, 4)
    require(
        model(x).shape == (7, 3),
        "replace_head가 원래 모델의 헤드까지 바꾸었습니다.",
        "받은 모델의 head에 바로 대입했거나, 겉만 복사(copy.copy)했습니다.",
        "안쪽까지 복사한 다음 그 복사본의 head를 바꾸세요.",
    )
    new.train()
    optimizer = torch.optim.SGD(new.parameters(), lr=0.5)
    scores = new(x)
    nn.functional.cross_entropy(scores, torch.arange(7) % scores.shape[1]).backward()
    optimizer.step()
    for key, tensor in model.state_dict().items():
        require(
            torch.equal(tensor, before[key]),
            f"새 모델을 학습했더니 원래 모델의 {key}가 바뀌었습니다.",
            "두 모델이 같은 텐서를 함께 씁니다. copy.copy는 안쪽을 복사하지 않습니다.",
            "안쪽까지 복사하는 방법을 찾아보세요.",
        )
