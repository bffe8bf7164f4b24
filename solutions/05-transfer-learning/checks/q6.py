"""문제 6의 공개 점검: 훈련 모드, 두 학습률, 배치."""

import torch
from torch import nn

from course.backbones import Backbone
from course.checks import close, number, require, sequence, test_case

OK_FORMAT = False
name = "q6"


def model_and_task(norm=True):
    torch.manual_seed(7)
    features = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6) if norm else nn.Identity(), nn.ReLU())
    y = torch.arange(18) % 3
    x = torch.randn(18, 4) + 2 * torch.eye(3, 4)[y]
    return Backbone(features, nn.Linear(6, 3)).eval(), x, y


@test_case(name="훈련 모드에서 백본과 헤드를 모두 학습합니다", points=3)
def test_everything_learns(fine_tune):
    model, x, y = model_and_task()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    losses = sequence(fine_tune(model, x, y, steps=30, lr_backbone=0.02, lr_head=0.02), "손실의 리스트", 30)
    for key, value in model.state_dict().items():
        running = "running" in key or "num_batches" in key
        suspect = "옵티마이저에 넘기지 않은 파라미터가 있습니다."
        if running:
            suspect = "평가 모드로 받은 모델을 그대로 학습했습니다. model.train()을 부르세요."
        require(not torch.equal(value, before[key]), f"{key}가 학습되지 않았습니다.", suspect)
    first, last = number(losses[0], "첫 손실"), number(losses[-1], "마지막 손실")
    require(last < 0.8 * first, "30단계를 학습해도 손실이 거의 줄지 않습니다.", "zero_grad, backward, step의 순서를 보세요.")


@test_case(name="백본과 헤드에 각자의 학습률을 씁니다", points=4)
def test_rates(fine_tune):
    # Adam의 첫 단계에서는 파라미터마다 학습률만큼 움직입니다.
    model, x, y = model_and_task(norm=False)
    body, head = model.features[0].weight.detach().clone(), model.head.weight.detach().clone()
    fine_tune(model, x, y, steps=1, lr_backbone=0.001, lr_head=0.1)
    moved_body = (model.features[0].weight - body).abs().max().item()
    moved_head = (model.head.weight - head).abs().max().item()
    swapped = "두 학습률이 서로 바뀌었습니다."
    same = "두 부분에 같은 학습률을 썼습니다. 그룹마다 lr을 따로 적으세요."
    still = "이 부분의 파라미터가 옵티마이저에 없습니다."
    both = moved_body > 0.05 and moved_head < 0.05
    suspects = [(0.1, swapped if both else same), (0.0, still)]
    close(moved_body, 0.001, "첫 단계에서 백본이 움직인 거리", suspects=suspects, tolerance=1e-4)
    close(moved_head, 0.1, "첫 단계에서 헤드가 움직인 거리", suspects=[(0.001, same), (0.0, still)], tolerance=1e-3)
    model, x, y = model_and_task(norm=False)
    body = model.features[0].weight.detach().clone()
    fine_tune(model, x, y, steps=3, lr_backbone=0.0, lr_head=0.1)
    require(torch.equal(model.features[0].weight, body), "lr_backbone = 0인데 백본이 움직였습니다.", same)


@test_case(name="단계마다 batch개를 겹치지 않게 새로 뽑습니다", points=3)
def test_batches(fine_tune):
    model, _, y = model_and_task(norm=False)
    x = torch.arange(18.0)[:, None] * torch.ones(4)
    seen = []
    model.features[0].register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0][:, 0].tolist()))
    fine_tune(model, x, y, steps=4, batch=5)
    require(len(seen) == 4, f"4단계인데 순전파를 {len(seen)}번 했습니다.")
    for rows in seen:
        require(len(rows) == 5, f"batch = 5인데 한 단계에 표본 {len(rows)}개를 썼습니다.", "batch를 쓰지 않았습니다.")
        require(len(set(rows)) == 5, "한 배치에 같은 표본이 두 번 있습니다.", "겹치지 않게 뽑으세요.", "torch.randperm을 보세요.")
    require(
        len({tuple(sorted(rows)) for rows in seen}) > 1,
        "단계마다 같은 표본만 씁니다.",
        "번호를 반복문 밖에서 한 번만 섞었습니다.",
        "단계마다 torch.randperm을 새로 부르세요.",
    )


@test_case(name="단계마다 기울기를 새로 계산합니다", points=2)
def test_gradients(fine_tune):
    # 학습률이 0이면 파라미터가 그대로이므로 단계마다 기울기가 같습니다.
    model, x, y = model_and_task(norm=False)
    nn.functional.cross_entropy(model(x), y).backward()
    once = model.head.weight.grad.clone()
    model.zero_grad()
    losses = sequence(fine_tune(model, x, y, steps=3, lr_backbone=0.0, lr_head=0.0), "손실의 리스트", 3)
    left = model.head.weight.grad
    fresh = left is None or torch.allclose(left, once, atol=1e-5) or not left.any()
    require(fresh, "세 단계 뒤에 남은 기울기가 마지막 배치의 기울기와 다릅니다.", "앞 단계의 기울기가 더해지고 있습니다.")
    own = nn.functional.cross_entropy(model(x), y).item()
    close(number(losses[0], "첫 손실"), own, "갱신하기 전의 첫 손실", tolerance=1e-4)
