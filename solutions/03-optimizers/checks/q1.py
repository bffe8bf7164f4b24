"""문제 1의 공개 점검: 모양, 손으로 계산한 값, 입력이 그대로인지."""

import torch

from course.checks import CheckError, close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q1"


def step(sgd, p, g, **options):
    """반환값이 (p, state)인지 확인하고 새 p를 돌려줍니다."""
    new, state = sequence(sgd(p, g, {}, **options), "sgd(p, g, {})의 반환값", 2)
    if not isinstance(state, dict):
        raise CheckError(f"state가 딕셔너리가 아니라 {type(state).__name__}입니다.", next_step="빈 딕셔너리 `{}`를 돌려주세요.")
    return tensor(new, "새 p", shape=p.shape, dtype=p.dtype)


@test_case(name="p와 같은 모양과 dtype인 새 p와 state를 돌려줍니다", points=1)
def test_shapes(sgd):
    for shape in ((), (3,), (2, 3, 4)):
        for kind in (torch.float32, torch.float64):
            step(sgd, torch.ones(shape, dtype=kind), torch.full(shape, 0.5, dtype=kind), lr=0.1)


@test_case(name="손으로 계산한 값과 같습니다", points=1)
def test_by_hand(sgd):
    # 1 - 0.2 * 0.5 = 0.9, -2 - 0.2 * (-1) = -1.8
    p, g = torch.tensor([1.0, -2.0]), torch.tensor([0.5, -1.0])
    close(
        step(sgd, p, g, lr=0.2),
        [0.9, -1.8],
        "새 p (p = [1, -2], g = [0.5, -1], lr = 0.2)",
        suspects=[
            ([1.1, -2.2], "부호가 반대입니다. 손실을 줄이려면 기울기의 반대쪽으로 가야 합니다."),
            ([0.995, -1.99], "인자로 받은 lr 대신 0.01을 썼습니다."),
            ([0.8, -1.8], "기울기의 크기가 아니라 부호로 움직였습니다."),
            ([-0.1, 0.2], "움직인 거리만 돌려주었습니다. 새 파라미터를 돌려주세요."),
        ],
    )
    close(step(sgd, p, g), [0.995, -1.99], "lr을 주지 않았을 때의 새 p", next_step="lr의 기본값은 0.01입니다.")


@test_case(name="받은 p와 g를 바꾸지 않습니다", points=1)
def test_untouched(sgd):
    p, g = torch.tensor([1.0, -2.0]), torch.tensor([0.5, -1.0])
    new = step(sgd, p, g, lr=0.2)
    require(
        torch.equal(p, torch.tensor([1.0, -2.0])) and torch.equal(g, torch.tensor([0.5, -1.0])),
        "호출한 뒤 p나 g의 값이 바뀌었습니다.",
        "`p -= lr * g`는 받은 텐서를 제자리에서 바꿉니다.",
        "`p - lr * g`로 새 텐서를 만드세요.",
    )
    require(new.data_ptr() != p.data_ptr(), "돌려준 p가 받은 p와 같은 메모리를 씁니다.")
