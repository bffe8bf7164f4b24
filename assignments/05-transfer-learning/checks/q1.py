"""문제 1의 공개 점검: 파라미터, 배치 정규화의 통계, 드롭아웃, 예전 옵티마이저."""

import torch
from torch import nn

from course.checks import CheckError, require, test_case

OK_FORMAT = False
name = "q1"


def network():
    """동결할 몸통(합성곱, 배치 정규화, 드롭아웃)과 헤드로 된 작은 신경망입니다."""
    torch.manual_seed(3)
    block = nn.Sequential(nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3), nn.ReLU())
    body = nn.Sequential(block, nn.Flatten(), nn.Dropout(0.5))
    return nn.Sequential(body, nn.Linear(12, 2))


def learn(model, optimizer, steps):
    x, y = torch.randn(6, 1, 3, 3), torch.tensor([0, 1, 0, 1, 0, 1])
    for _ in range(steps):
        model.train()
        optimizer.zero_grad(set_to_none=False)
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def kept(module):
    return {key: tensor.clone() for key, tensor in module.state_dict().items()}


def call(freeze, module):
    returned = freeze(module)
    if returned is not module:
        copied = "복사본을 동결했을 수 있습니다." if isinstance(returned, nn.Module) else "return을 빠뜨렸을 수 있습니다."
        raise CheckError("freeze가 받은 모듈 자신을 돌려주지 않았습니다.", copied)


@test_case(name="학습해도 파라미터가 비트까지 그대로입니다", points=5)
def test_parameters(freeze):
    model = network()
    call(freeze, model[0])
    before, head = kept(model[0]), model[1].weight.detach().clone()
    learn(model, torch.optim.SGD(model.parameters(), lr=0.1), 3)
    for key, parameter in model[0].named_parameters():
        require(
            torch.equal(parameter, before[key]),
            f"동결한 모듈의 파라미터 {key}가 학습되었습니다.",
            "eval()은 파라미터를 멈추지 않습니다.",
            "파라미터마다 requires_grad를 끄세요.",
        )
    require(
        not torch.equal(model[1].weight, head),
        "동결하지 않은 헤드까지 학습되지 않습니다.",
        "넘겨받은 모듈 밖의 것을 멈추었습니다.",
    )
    model = nn.Sequential(*(nn.Sequential(nn.Linear(4, 4), nn.ReLU()) for _ in range(3)), nn.Linear(4, 2))
    call(freeze, model[1])
    front = model[0][0].weight.detach().clone()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    nn.functional.cross_entropy(model(torch.randn(8, 4)), torch.arange(8) % 2).backward()
    optimizer.step()
    require(
        not torch.equal(model[0][0].weight, front),
        "가운데 블록을 동결했더니 그 앞쪽 블록이 학습되지 않습니다.",
        "동결한 모듈의 순전파를 no_grad나 detach로 막아 기울기가 앞쪽으로 지나가지 못합니다.",
    )


@test_case(name="train()을 불러도 배치 정규화의 통계가 그대로입니다", points=4)
def test_buffers(freeze):
    model = network()
    call(freeze, model[0])
    before = kept(model[0])
    for _ in range(3):
        model.train()
        model(torch.randn(6, 1, 3, 3))
    for key, buffer in model[0].named_buffers():
        require(
            torch.equal(buffer, before[key]),
            f"동결한 모듈의 버퍼 {key}가 순전파만으로 바뀌었습니다.",
            "배치 정규화가 훈련 모드로 계산했습니다. model.train()은 안쪽 모듈의 모드까지 바꿉니다.",
            "모듈이 train()에도 평가 모드로 남게 해 보세요.",
        )


@test_case(name="train() 뒤에도 평가 모드와 같은 값을 냅니다", points=2)
def test_function(freeze):
    model, x = network(), torch.randn(6, 1, 3, 3)
    expected = model.eval()[0](x).detach()
    call(freeze, model[0])
    model.train()
    require(
        torch.allclose(model[0](x).detach(), expected, atol=1e-6),
        "동결한 모듈의 출력이 평가 모드의 출력과 다릅니다.",
        "드롭아웃이 켜져 있거나 배치의 통계로 정규화했습니다.",
        "model.train()을 부른 뒤 model[0].training을 출력해 보세요.",
    )


@test_case(name="동결하기 전부터 쓰던 옵티마이저도 움직이지 못합니다", points=3)
def test_earlier_optimizer(freeze):
    for options in ({"momentum": 0.9}, {"weight_decay": 0.1}):
        model = network()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, **options)
        learn(model, optimizer, 2)
        call(freeze, model[0])
        before = kept(model[0])
        learn(model, optimizer, 2)
        for key, parameter in model[0].named_parameters():
            require(
                torch.equal(parameter, before[key]),
                f"예전 옵티마이저({', '.join(options)})가 동결한 파라미터 {key}를 움직였습니다.",
                "동결할 때 남아 있던 .grad를 그대로 두었습니다.",
                "옵티마이저는 .grad가 None인 파라미터만 건너뜁니다.",
            )
