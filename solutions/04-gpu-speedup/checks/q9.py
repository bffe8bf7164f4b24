"""문제 9의 공개 점검: 종류, 손으로 센 값, 보폭과 묶음, 모델이 그대로인지."""

import torch
from torch import nn

from course.checks import CheckError, close, number, require, sequence, test_case

OK_FORMAT = False
name = "q9"


def counted(model_flops, model, shape, count):
    """층마다 수 하나인지 확인해서 돌려줍니다."""
    suspect = "nn.Linear와 nn.Conv2d마다 수 하나입니다. 활성화 함수나 nn.Flatten은 넣지 않습니다."
    found = sequence(model_flops(model, shape), "model_flops의 반환값", count, suspect=suspect)
    return [number(value, f"{index}번 층의 FLOP") for index, value in enumerate(found)]


@test_case(name="손으로 센 값과 같습니다", points=6)
def test_by_hand(model_flops):
    # 5 x 5 이미지에 3 x 3 커널: 출력은 2채널 x 3 x 3 = 18개, 하나마다 곱셈 9번과 덧셈 9번. 그다음 18 -> 4.
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(18, 4))
    conv, linear = counted(model_flops, model, (1, 5, 5), 2)
    close(
        conv,
        324,
        "nn.Conv2d(1, 2, 3)의 FLOP, 입력 (1, 5, 5)",
        suspects=[
            (162.0, "곱셈만 셌습니다. 덧셈도 하나의 연산입니다."),
            (900.0, "출력의 크기를 입력과 같다고 보았습니다. 커널이 놓이는 자리는 3 x 3입니다."),
            (36.0, "가중치의 수에 2를 곱했습니다. 합성곱은 같은 가중치를 자리마다 다시 씁니다."),
            (342.0, "편향까지 더했습니다. 편향은 세지 않기로 했습니다."),
            (360.0, "편향까지 더했습니다. 편향은 세지 않기로 했습니다."),
        ],
    )
    close(
        linear,
        144,
        "nn.Linear(18, 4)의 FLOP",
        suspects=[(72.0, "곱셈만 셌습니다."), (148.0, "편향까지 더했습니다. 편향은 세지 않기로 했습니다.")],
    )


@test_case(name="보폭과 패딩과 묶음을 따릅니다", points=5)
def test_identity(model_flops):
    shape = (4, 8, 8)
    same, strided, grouped = (
        counted(model_flops, nn.Sequential(nn.Conv2d(4, 6, 3, padding=1, **more)), shape, 1)[0]
        for more in ({}, {"stride": 2}, {"groups": 2})
    )
    # 패딩이 1이면 8 x 8이 그대로이고, 보폭이 2이면 4 x 4입니다.
    close(
        same / max(strided, 1.0),
        4.0,
        "보폭이 1일 때와 2일 때의 FLOP의 비",
        suspects=[(1.0, "보폭을 쓰지 않았습니다. 출력의 크기가 달라집니다."), (2.0, "보폭은 세로와 가로에 모두 걸립니다.")],
    )
    close(
        same / max(grouped, 1.0),
        2.0,
        "groups가 1일 때와 2일 때의 FLOP의 비",
        suspects=[(1.0, "groups를 쓰지 않았습니다. 출력 채널이 보는 입력 채널이 절반입니다."), (4.0, "groups로 두 번 나누었습니다.")],
    )


@test_case(name="모델을 바꾸지 않고, 값이 없는 모델도 셉니다", points=3)
def test_unchanged(model_flops):
    model = nn.Sequential(nn.Conv2d(1, 3, 2), nn.BatchNorm2d(3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 2))
    before = {key: value.clone() for key, value in model.state_dict().items()}
    # 1 x 5 x 5 -> 3 x 4 x 4 -> 3 x 2 x 2 -> 12 -> 2
    close(counted(model_flops, model, (1, 5, 5), 2)[1], 48, "풀링과 Flatten 뒤에 오는 nn.Linear의 FLOP")
    changed = [key for key, value in model.state_dict().items() if not torch.equal(value, before[key])]
    require(
        not changed,
        f"모델의 {', '.join(changed)} 값이 바뀌었습니다.",
        "train 모드인 BatchNorm에 입력을 흘려 보냈습니다.",
        "`copy.deepcopy(model)`로 만든 복사본을 `eval()`로 두고 세어 보세요.",
    )
    require(model.training, "모델이 eval 모드로 바뀌었습니다.", next_step="복사본에서 세어 보세요.")
    bare = nn.Sequential(nn.Linear(6, 5, device="meta"), nn.ReLU(), nn.Linear(5, 2, device="meta"))
    try:
        found = counted(model_flops, bare, (6,), 2)
    except (RuntimeError, NotImplementedError) as error:
        raise CheckError(
            f"값이 없는 모델(장치 meta)에서 {type(error).__name__}가 발생했습니다.",
            "입력을 CPU에 만들었습니다. 모델과 입력의 장치가 다릅니다.",
            '복사본을 `.to("meta", torch.float32)`로 옮기고, 입력도 `device="meta"`로 만들어 보세요.',
        ) from None
    close(found[0], 60, "값이 없는 nn.Linear(6, 5)의 FLOP")
