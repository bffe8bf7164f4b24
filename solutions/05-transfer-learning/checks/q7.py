"""문제 7의 공개 점검: 모양과 답을 아는 정확도, 같은 출발점, 평가 모드."""

import torch
from torch import nn

from course.checks import CheckError, close, require, tensor, test_case
from course.jamo import FewShot

OK_FORMAT = False
name = "q7"


def sides(k, seed):
    """첫 좌표의 부호가 곧 클래스인 데이터입니다. 테스트 정답은 여덟 가운데 k개가 어긋나 있습니다."""
    generator = torch.Generator().manual_seed(100 * k + seed)
    x = torch.randn(2 * k, 3, generator=generator)
    x_test = torch.tensor([1.0, -1.0]).repeat(4)[:, None] * torch.ones(3)
    y_test = (x_test[:, 0] > 0).long()
    y_test[:k] = 1 - y_test[:k]
    return FewShot(x, (x[:, 0] > 0).long(), x_test, y_test)


class Sides(nn.Module):
    """첫 좌표의 부호를 그대로 답합니다. 훈련 모드에서는 거꾸로 답합니다."""

    def forward(self, x):
        right = torch.stack([-x[:, 0], x[:, 0]], dim=1)
        return -right if self.training else right


def call(shot_curve, methods, ks, seeds):
    curve = shot_curve(methods, ks, seeds, sides)
    if not isinstance(curve, dict) or set(curve) != set(methods):
        got = sorted(map(str, curve)) if isinstance(curve, dict) else type(curve).__name__
        raise CheckError(f"반환값은 키가 {sorted(methods)}인 딕셔너리여야 하는데 {got}입니다.", "methods의 이름을 키로 쓰세요.")
    return {key: tensor(values, f"{key}의 정확도", shape=(len(ks), len(seeds))) for key, values in curve.items()}


@test_case(name="답을 아는 모델에서 맞는 정확도가 맞는 자리에 나옵니다", points=5)
def test_by_hand(shot_curve):
    curve = call(shot_curve, {"sign": lambda x, y: Sides().eval(), "다른 방법": lambda x, y: Sides().eval()}, [1, 3], [0, 5, 9])
    expected = torch.tensor([[7 / 8] * 3, [5 / 8] * 3])
    suspects = [
        (torch.ones(2, 3), "테스트 데이터가 아니라 훈련 데이터에서 재었습니다."),
        (100 * expected, "백분율로 돌려주었습니다. 0과 1 사이의 비율로 바꾸세요."),
        (1 - expected, "틀린 비율을 돌려주었거나 모델이 훈련 모드입니다."),
    ]
    for key, values in curve.items():
        close(values, expected, f"{key}의 정확도", suspects=suspects)


@test_case(name="모든 방법이 같은 데이터와 같은 난수에서 시작합니다", points=3)
def test_same_start(shot_curve):
    seen = []

    def method_of(key):
        def method(x, y):
            seen.append((key, len(x), len(y), x.sum().item(), torch.rand(1).item()))
            torch.rand(len(key))
            return Sides()

        return method

    call(shot_curve, {key: method_of(key) for key in ("a", "bcd")}, [2], [4, 8])
    require(len(seen) == 4, f"방법 2개, 짝 2개에서 방법을 {len(seen)}번 불렀습니다. 4번이어야 합니다.")
    require(
        all(rows == 4 and labels == 4 for _, rows, labels, _, _ in seen),
        "방법에 넘긴 표본의 수가 훈련 데이터의 수와 다릅니다.",
        "테스트 데이터를 함께 넘겼을 수 있습니다.",
    )
    for key in ("a", "bcd"):
        totals = {total for name_, _, _, total, _ in seen if name_ == key}
        wanted = {sides(2, seed)[0].sum().item() for seed in (4, 8)}
        require(totals == wanted, "방법이 받은 데이터가 그 k와 시드의 것이 아닙니다.", "data(k, seed)의 인자를 보세요.")
    draws = {key: {draw for name_, _, _, _, draw in seen if name_ == key} for key in ("a", "bcd")}
    require(
        draws["a"] == draws["bcd"] and len(draws["a"]) == 2,
        "같은 k와 시드인데 방법마다 난수가 다릅니다.",
        "시드를 방법마다 새로 심지 않았습니다.",
        "method를 부르기 바로 전에 torch.manual_seed(seed)를 부르세요.",
    )


@test_case(name="훈련 모드로 돌려받은 모델도 평가 모드에서 잽니다", points=3)
def test_evaluation_mode(shot_curve):
    curve = call(shot_curve, {"sign": lambda x, y: Sides().train()}, [1], [0])
    suspects = [(torch.tensor([[1 / 8]]), "훈련 모드의 모델로 재었습니다. model.eval()을 부르세요.")]
    close(curve["sign"], torch.tensor([[7 / 8]]), "정확도", suspects=suspects)
