"""문제 1의 공개 점검: 손으로 센 값, 항등식 하나, 잘못된 모양."""

import torch

from course.checks import CheckError, require, sequence, test_case

OK_FORMAT = False
name = "q1"


def pair(fans, shape, expected, suspects=()):
    """fans(shape)이 정수 두 개이고 기대한 값인지 확인합니다."""
    what = f"fans({tuple(shape)})"
    found = sequence(fans(shape), what, 2)
    for value in found:
        if isinstance(value, bool) or not isinstance(value, int):
            raise CheckError(
                f"{what}: 정수가 아니라 {type(value).__name__}이 들어 있습니다.",
                "나눗셈(/)의 결과이거나 텐서입니다.",
                "개수는 정수이므로 //나 math.prod를 써 보세요.",
            )
    suspect = next((text for wrong, text in suspects if tuple(found) == wrong), "")
    require(
        tuple(found) == expected,
        f"{what}: 값이 다릅니다. 받은 값 {tuple(found)}, 기대한 값 {expected}.",
        suspect,
        "모양의 각 축이 무엇의 개수인지 표에서 다시 확인해 보세요.",
    )


@test_case(name="선형층: (n_in, n_out)의 순서로 돌려줍니다", points=3)
def test_linear(fans):
    swapped = "두 수의 순서가 바뀌었습니다. 가중치의 모양은 (n_out, n_in)이지만 돌려주는 순서는 (n_in, n_out)입니다."
    pair(fans, (5, 3), (3, 5), [((5, 3), swapped)])
    pair(fans, torch.zeros(2, 7).shape, (7, 2), [((2, 7), swapped)])


@test_case(name="합성곱층: 손으로 센 값과 같습니다", points=3)
def test_convolution(fans):
    # 커널 2 x 5는 원소가 10개입니다. 입력 채널 3개에서 30개가 들어오고, 출력 채널 4개로 40개가 나갑니다.
    pair(
        fans,
        (4, 3, 2, 5),
        (30, 40),
        [
            ((3, 4), "커널의 원소 수를 곱하지 않았습니다."),
            ((4, 3), "커널의 원소 수를 곱하지 않았고, 두 수의 순서도 바뀌었습니다."),
            ((40, 30), "두 수의 순서가 바뀌었습니다."),
            ((30, 4), "커널의 원소 수를 n_out에는 곱하지 않았습니다."),
            ((6, 8), "커널의 한 축만 곱했습니다."),
            ((12, 16), "커널의 첫 축을 제곱했습니다. 커널은 정사각형이 아닐 수 있습니다."),
            ((75, 100), "커널의 마지막 축을 제곱했습니다. 커널은 정사각형이 아닐 수 있습니다."),
            ((21, 28), "커널의 축을 곱하지 않고 더했습니다."),
        ],
    )


@test_case(name="1 × 1 커널은 선형층과 같고, 축이 둘보다 적으면 ValueError입니다", points=2)
def test_identity(fans):
    pair(fans, (6, 9, 1, 1), (9, 6))
    try:
        fans((7,))
    except ValueError:
        return
    except Exception as error:
        raise CheckError(
            f"fans((7,))에서 ValueError가 아니라 {type(error).__name__}이 발생합니다.",
            "축의 수를 확인하기 전에 shape[1]을 읽었습니다.",
            "맨 먼저 len(shape) < 2인지 확인하고 `raise ValueError(...)`로 알려 주세요.",
        ) from None
    raise CheckError("fans((7,))에서 ValueError가 발생하지 않습니다.", "축이 하나인 모양을 그대로 계산했습니다.")
