"""문제 7의 공개 점검: 종류, 답을 아는 경우, 되풀이해도 같은 결과."""

import torch

from course import digits
from course.checks import CheckError, close, number, require, test_case

OK_FORMAT = False
name = "q7"


def accuracies(depth_sweep, act, depths, seed, data, **options):
    """깊이마다 정확도 하나인 딕셔너리인지 확인해서 돌려줍니다."""
    result = depth_sweep(act, depths, seed, data, **options)
    if not isinstance(result, dict) or set(result) != set(depths):
        got = sorted(map(str, result)) if isinstance(result, dict) else type(result).__name__
        raise CheckError(f"반환값은 키가 {list(depths)}인 딕셔너리여야 하는데 {got}입니다.")
    found = {depth: number(result[depth], f"깊이 {depth}의 정확도") for depth in depths}
    for depth, value in found.items():
        percent = "백분율(%)로 돌려주었을 수 있습니다. 0과 1 사이의 비율로 바꾸세요." if value > 1 else ""
        require(0 <= value <= 1, f"깊이 {depth}의 정확도가 0과 1 사이가 아닙니다.", percent)
    return found


def sides():
    """첫 좌표의 부호가 곧 클래스인 쉬운 데이터입니다."""
    x = torch.tensor([[1.0, 0.2], [1.2, -0.3], [-1.0, 0.1], [-0.8, -0.2]]).repeat(8, 1)
    return x, (x[:, 0] > 0).long()


@test_case(name="깊이마다 0과 1 사이의 정확도를 돌려줍니다", points=5)
def test_kind(depth_sweep):
    x, y = sides()
    accuracies(depth_sweep, "relu", [1, 3], 0, (x, y, x, y), width=4, steps=2)


@test_case(name="답을 아는 데이터에서 맞는 값이 나옵니다", points=6)
def test_by_hand(depth_sweep):
    x, y = sides()
    fitted = accuracies(depth_sweep, "tanh", [1, 2], 0, (x, y, x, y), width=8, steps=60, lr=0.1)
    for depth, value in fitted.items():
        close(
            value,
            1.0,
            f"쉬운 데이터에서 깊이 {depth}의 정확도",
            next_step="zero_grad, backward, step의 순서와 옵티마이저에 넘긴 파라미터를 확인하세요.",
        )
    # 테스트의 정답만 뒤집으면, 잘 배운 모델은 테스트에서 모두 틀립니다.
    # 아무것도 배우지 않은 모델이 우연히 맞는 시작점도 있으므로 시드를 바꾸어 봅니다.
    for seed in range(4):
        flipped = accuracies(depth_sweep, "tanh", [1], seed, (x, y, x, 1 - y), width=8, steps=60, lr=0.1)
        require(
            flipped[1] < 1,
            "테스트의 정답을 모두 뒤집었는데도 정확도가 1입니다.",
            "테스트가 아니라 훈련 데이터에서 쟀거나, 테스트의 정답으로 학습했습니다.",
        )
        require(
            flipped[1] == 0,
            "정답을 뒤집은 테스트에서도 맞은 문제가 있습니다.",
            "학습하는 동안의 정확도 가운데 좋은 것을 골랐습니다.",
            "테스트의 정답은 학습이 모두 끝난 뒤에 한 번만 쓰세요.",
        )
    # 기울기가 단계마다 쌓이면 깊은 ReLU는 이 설정에서 배우지 못합니다.
    images = digits()
    some = (images.x_train[:400], images.y_train[:400], images.x_test[:200], images.y_test[:200])
    learnt = accuracies(depth_sweep, "relu", [3], 0, some, steps=75, lr=0.1)[3]
    require(
        learnt >= 0.3,
        "손글씨 숫자에서 깊이 3인 ReLU가 배우지 못합니다.",
        "단계마다 zero_grad를 부르지 않았거나, 학습 단계가 steps보다 적습니다.",
        "학습의 한 단계를 zero_grad, 손실, backward, step의 순서로 쓰세요.",
    )


@test_case(name="한 깊이의 결과가 순서와 함께 넣은 깊이에 따라 달라지지 않습니다", points=5)
def test_identity(depth_sweep):
    generator = torch.Generator().manual_seed(11)
    x = torch.randn(300, 6, generator=generator)
    y = torch.randint(3, (300,), generator=generator)
    data = (x[:50], y[:50], x[50:], y[50:])
    options = {"width": 5, "steps": 3}
    together = accuracies(depth_sweep, "tanh", [1, 2, 3], 4, data, **options)
    again = accuracies(depth_sweep, "tanh", [1, 2, 3], 4, data, **options)
    require(
        together == again,
        "같은 시드로 다시 불렀더니 결과가 다릅니다.",
        "초기화가 시드를 따르지 않거나, 지난 호출의 파라미터를 이어서 썼습니다.",
    )
    apart = accuracies(depth_sweep, "tanh", [3, 1], 4, data, **options)
    require(
        all(apart[depth] == together[depth] for depth in apart),
        "깊이의 순서를 바꾸었더니 결과가 달라졌습니다.",
        "시드를 맨 앞에서 한 번만 심었습니다.",
        "깊이마다 모델을 만들기 직전에 시드를 다시 심으세요.",
    )
