"""문제 8의 공개 점검: 배우는 블록과 멈춘 블록, k의 두 끝, 다시 부르기."""

import torch
from torch import nn

from course.backbones import Backbone
from course.checks import require, test_case

OK_FORMAT = False
name = "q8"


def backbone():
    torch.manual_seed(8)
    blocks = [nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU()) for _ in range(3)]
    return Backbone(nn.Sequential(*blocks), nn.Linear(4, 2))


def moved(model):
    """두 단계 학습한 뒤, 블록마다 (파라미터가 움직였는지, 통계가 움직였는지)와 헤드가 움직였는지를 돌려줍니다."""
    before = {key: value.clone() for key, value in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.randn(10, 4), torch.arange(10) % 2
    for _ in range(2):
        model.train()
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    changed = {key for key, value in model.state_dict().items() if not torch.equal(value, before[key])}
    blocks = []
    for index in range(3):
        own = {key for key in changed if key.startswith(f"features.{index}.")}
        statistics = {key for key in own if "running" in key or "num_batches" in key}
        blocks.append((bool(own - statistics), bool(statistics)))
    return blocks, "head.weight" in changed


def expect(unfreeze_last, model, k):
    returned = unfreeze_last(model, k)
    require(returned is model, "받은 모델 자신을 돌려주지 않았습니다.", "return을 빠뜨렸거나 복사본을 돌려주었습니다.")
    blocks, head = moved(model)
    require(head, f"k = {k}일 때 헤드가 학습되지 않습니다.", "모델 전체를 동결하고 헤드를 풀지 않았습니다.")
    for index, (parameters, statistics) in enumerate(blocks):
        learns = index >= 3 - k
        where = f"k = {k}일 때 {index}번 블록"
        if not learns:
            wrong = "blocks[-0:]은 빈 리스트가 아니라 전체입니다." if k == 0 else "앞쪽이 아니라 뒤쪽 블록을 풀어야 합니다."
            require(not parameters, f"{where}이 동결되어 있지 않습니다.", wrong)
            require(not statistics, f"{where}의 통계가 움직였습니다.", "requires_grad만 끄면 통계는 멈추지 않습니다.")
        else:
            again = "앞의 호출이 동결한 것이 남아 있거나, 앞쪽 블록을 풀었습니다."
            require(parameters, f"{where}이 학습되지 않습니다.", again)
            stuck = "풀린 블록이 평가 모드에 머물러 있습니다. freeze가 바꾼 것을 되돌리세요."
            require(statistics, f"{where}의 배치 정규화 통계가 움직이지 않습니다.", stuck)


@test_case(name="마지막 블록과 헤드만 배우고 앞쪽은 그대로입니다", points=4)
def test_last_block(unfreeze_last):
    for k in (1, 2):
        expect(unfreeze_last, backbone(), k)


@test_case(name="k = 0이면 헤드만, k가 크면 모두 배웁니다", points=3)
def test_both_ends(unfreeze_last):
    for k in (0, 3, 7):
        expect(unfreeze_last, backbone(), k)


@test_case(name="같은 모델에 다시 불러도 마지막 k만 남습니다", points=3)
def test_again(unfreeze_last):
    model = backbone()
    for k in (0, 1, 3, 1):
        expect(unfreeze_last, model, k)
