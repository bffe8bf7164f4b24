"""문제 9의 공개 점검: 손으로 센 예산, 움직이지 않는 통계, 독립된 모델."""

import torch
from torch import nn

from course.backbones import Backbone
from course.checks import CheckError, require, test_case

OK_FORMAT = False
name = "q9"

# 특성 5개, 클래스 3개: 헤드 전체가 3*5 + 3 = 18개, 특성 부분은 선형 층 6*5 = 30개와 배치 정규화 5 + 5개입니다.
CLASSES = 3


def backbone():
    torch.manual_seed(9)
    features = nn.Sequential(nn.Linear(6, 5, bias=False), nn.BatchNorm1d(5), nn.ReLU(), nn.Dropout(0.5))
    features[1].bias.data.fill_(0.8)  # 모든 특성이 켜져 있습니다.
    return Backbone(features, nn.Linear(5, 4)).double().eval()


def build(within_budget, model, budget):
    new = within_budget(model, CLASSES, budget)
    if not isinstance(new, nn.Module) or not hasattr(new, "features") or not hasattr(new, "head"):
        raise CheckError(f"반환값은 features와 head가 있는 모델이어야 하는데 {type(new).__name__}입니다.")
    return new


def moved(new):
    """두 단계 학습한 뒤 달라진 텐서의 이름과 원소 수를 돌려줍니다."""
    before = {key: tensor.clone() for key, tensor in new.state_dict().items()}
    optimizer = torch.optim.Adam(new.parameters(), lr=0.01)
    x, y = torch.randn(20, 6, dtype=torch.float64), torch.arange(20) % CLASSES
    for _ in range(2):
        new.train()
        optimizer.zero_grad()
        scores = new(x)
        require(
            tuple(scores.shape) == (20, CLASSES),
            f"n = {CLASSES}일 때 점수의 모양이 (20, {CLASSES})이어야 하는데 {tuple(scores.shape)}입니다.",
        )
        nn.functional.cross_entropy(scores, y).backward()
        optimizer.step()
    return {k: t.numel() for k, t in new.state_dict().items() if not torch.equal(t, before[k])}


@test_case(name="손으로 센 예산을 지킵니다", points=6)
def test_by_hand(within_budget):
    for budget in (18, 14, 6):
        sizes = moved(build(within_budget, backbone(), budget))
        learnt = sum(sizes.values())
        extra = learnt - budget
        suspects = {True: "헤드만으로 예산을 넘을 때에는 헤드를 줄여야 합니다.", False: ""}
        suspect = "헤드의 편향을 세지 않았을 수 있습니다." if 0 < extra <= CLASSES else suspects[budget < 18]
        require(learnt <= budget, f"예산이 {budget}개인데 배운 수가 {learnt}개입니다.", suspect)
        head = sum(size for key, size in sizes.items() if key.startswith("head."))
        require(head > 0, f"예산이 {budget}개일 때 헤드가 학습되지 않습니다.", "헤드까지 동결했습니다.")
        require(
            budget - learnt < CLASSES,
            f"예산이 {budget}개인데 {learnt}개만 배웁니다.",
            "특성 하나를 더 쓰는 데에는 클래스마다 수 하나가 듭니다. 몇 개까지 쓸 수 있는지 다시 세어 보세요.",
        )


@test_case(name="예산이 남으면 더 풀고, 통계는 멈추어 있습니다", points=4)
def test_release(within_budget):
    new = build(within_budget, backbone(), 18 + 40)
    sizes = moved(new)
    buffers = [key for key in sizes if "running" in key or "num_batches" in key]
    require(
        not buffers,
        f"학습하는 동안 {', '.join(buffers)}의 값이 바뀌었습니다.",
        "파라미터를 푼 블록이 훈련 모드로 계산했습니다.",
        "features 전체를 문제 1의 뜻으로 동결한 다음, 파라미터만 다시 켜 보세요.",
    )
    require(
        sum(sizes.values()) == 58,
        f"모두 배울 수 있는 예산(58개)인데 {sum(sizes.values())}개만 배웁니다.",
        "남은 예산에 들어가는 파라미터 텐서를 풀지 않았습니다.",
    )


@test_case(name="원래 모델은 그대로입니다", points=4)
def test_independent(within_budget):
    model = backbone()
    before = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    for budget in (7, 58):
        new = build(within_budget, model, budget)
        require(
            all(torch.equal(t, before[f"features.{k}"]) for k, t in new.features.state_dict().items()),
            "새 모델의 특성 부분이 사전 훈련한 값과 다릅니다.",
            "특성 부분을 새로 만들었거나 구조를 바꾸었습니다.",
        )
        moved(new)
        same = model.state_dict().keys() == before.keys()
        require(
            same and all(torch.equal(t, before[k]) for k, t in model.state_dict().items()),
            "새 모델을 만들어 학습했더니 원래 모델이 바뀌었습니다.",
            "안쪽까지 복사하지 않았습니다.",
            "문제 2의 replace_head를 써 보세요.",
        )
