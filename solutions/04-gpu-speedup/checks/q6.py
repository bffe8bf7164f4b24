"""문제 6의 공개 점검: 겹친 그릇, 손으로 계산한 한 단계, 장치."""

import torch
from torch import nn

from course.checks import CheckError, close, require, tensor, test_case

OK_FORMAT = False
name = "q6"


def one_weight(value=1.0):
    """입력 하나, 출력 하나, 편향 없는 층 w x입니다."""
    model = nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        model.weight.fill_(value)
    return model, torch.optim.SGD(model.parameters(), lr=0.125)


@test_case(name="겹친 그릇 안의 텐서를 모두 옮깁니다", points=5)
def test_nested(to_device):
    batch = {"x": torch.ones(2, 3), "more": [torch.zeros(2, dtype=torch.long), ("이름", {"y": torch.ones(1)}, None, 3)]}
    there = to_device(batch, "meta")
    if there is None:
        raise CheckError("to_device의 반환값이 None입니다.", "반환(return)을 빠뜨렸을 수 있습니다.")
    require(isinstance(there, dict) and set(there) == {"x", "more"}, "딕셔너리의 키가 그대로가 아닙니다.")
    require(there["x"].device.type == "meta", "딕셔너리 안의 텐서가 옮겨지지 않았습니다.", "dict를 건너뛰었을 수 있습니다.")
    require(isinstance(there["more"], list), "list가 다른 종류로 바뀌었습니다.", next_step="`type(obj)`를 살펴보세요.")
    require(
        isinstance(there["more"][0], torch.Tensor) and there["more"][0].device.type == "meta",
        "dict 안의 list에 든 텐서가 옮겨지지 않았습니다.",
        "바깥의 그릇만 열어 보았습니다. 원소마다 to_device를 다시 부르세요.",
    )
    inner = there["more"][1]
    require(isinstance(inner, tuple) and len(inner) == 4, "tuple이 다른 종류로 바뀌었습니다.")
    require(inner[0] == "이름" and inner[2] is None and inner[3] == 3, "텐서가 아닌 값이 바뀌었습니다.", "그대로 돌려주어야 합니다.")
    require(inner[1]["y"].device.type == "meta", "가장 안쪽의 텐서가 옮겨지지 않았습니다.", "재귀가 도중에 멈추었습니다.")
    require(there["more"][0].dtype == torch.long, "정수 텐서의 dtype이 바뀌었습니다.")
    require(batch["x"].device.type == "cpu", "받은 그릇 자체가 바뀌었습니다.", "새 그릇을 만들어 돌려주세요.")


@test_case(name="손으로 계산한 한 단계와 같습니다", points=5)
def test_by_hand(train_step):
    # w = 1, x = 2, y = 4: 손실 (2 - 4)^2 = 4, 기울기 2 * (2 - 4) * 2 = -8, 새 w = 1 + 0.125 * 8 = 2.
    model, optimizer = one_weight()
    model.weight.grad = torch.full((1, 1), 100.0)
    batch = (torch.tensor([[2.0]]), torch.tensor([[4.0]]))
    loss = train_step(model, batch, nn.functional.mse_loss, optimizer, "cpu")
    close(
        model.weight,
        [[2.0]],
        "한 단계 뒤의 가중치",
        suspects=[
            ([[1.0]], "가중치가 그대로입니다. backward()와 optimizer.step()을 불렀는지 확인하세요."),
            ([[-10.5]], "부르기 전에 남아 있던 .grad가 섞였습니다. backward() 앞에서 zero_grad()를 부르세요."),
            ([[3.0]], "파라미터를 두 번 고쳤습니다."),
        ],
    )
    if isinstance(loss, float):
        raise CheckError("손실이 수(float)입니다.", ".item()은 GPU의 일이 끝나기를 기다리게 합니다.", "텐서를 그대로 돌려주세요.")
    require(
        not (isinstance(loss, torch.Tensor) and loss.requires_grad),
        "손실에 계산 그래프가 붙어 있습니다.",
        next_step="`loss.detach()`를 돌려주세요.",
    )
    found = tensor(loss, "손실", shape=())
    close(found, 4.0, "손실", next_step="backward()를 부른 손실인지, 파라미터를 고친 뒤에 다시 계산하지 않았는지 확인하세요.")


@test_case(name="입력과 정답을 모두 인자로 받은 장치로 옮깁니다", points=3)
def test_device(train_step):
    seen = []

    class Watch(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.ones(3, 2))

        def forward(self, inputs):
            seen.append(inputs["x"].device.type)
            return inputs["x"].to(self.w.device) @ self.w

    def loss_fn(output, target):
        seen.append(target.device.type)
        return ((output - target.to(output.device)) ** 2).mean()

    model = Watch().to("meta")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    try:
        train_step(model, ({"x": torch.ones(4, 3)}, torch.ones(4, 2)), loss_fn, optimizer, "meta")
    except RuntimeError as error:
        if "meta" not in str(error):
            raise
    hard = '.cuda()나 "cpu"를 적어 두었을 수 있습니다.'
    require(len(seen) == 2, "모델과 손실 함수를 한 번씩 부르지 않았습니다.", hard)
    require(seen[0] == "meta", "입력이 인자로 받은 장치로 옮겨지지 않았습니다.", hard, "`to_device(batch, device)`를 쓰세요.")
    require(seen[1] == "meta", "정답이 인자로 받은 장치로 옮겨지지 않았습니다.", "입력만 옮겼습니다.", "배치 전체를 옮기세요.")
