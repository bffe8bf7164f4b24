"""문제 8의 공개 점검: 종류, 공정한 비교, 잘못이 하나씩 있는 비교."""

import torch

from course.checks import CheckError, require, test_case

OK_FORMAT = False
name = "q8"

KEYS = ("repeat", "order", "test")


def data():
    """클래스가 둘인 데이터: 훈련 5개, 테스트 7개."""
    y = torch.tensor([0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1])
    return torch.arange(10.0).reshape(5, 2), y[:5], torch.arange(14.0).reshape(7, 2), y[5:]


def toy(fault):
    """학습하지 않고 정해진 답안지를 내는 sweep입니다. fault가 잘못의 종류입니다."""
    sheets = torch.tensor([[0, 1, 1, 0, 0, 1, 0], [1, 1, 0, 0, 1, 1, 0], [0, 0, 1, 1, 1, 0, 1]])
    calls = []

    def sweep(depths, seed, data):
        y = data[3]
        calls.append(seed)
        result = {}
        for place, depth in enumerate(depths):
            sheet = sheets[depth % 3].clone()
            if fault == "order" and place > 0:
                sheet[0] = 1 - sheet[0]
            right = int((sheet == y).sum())
            if fault == "test":
                right = max(right, int((sheets[(depth + 1) % 3] == y).sum()))
            if fault == "repeat":
                right = len(calls) % 2
            result[depth] = right / len(y)
        return result

    return sweep


def judged(audit, fault):
    """세 키가 모두 있는지 확인해서 돌려줍니다."""
    answer = audit(toy(fault), [1, 2, 3], 0, data())
    if not isinstance(answer, dict) or set(answer) != set(KEYS):
        got = sorted(map(str, answer)) if isinstance(answer, dict) else type(answer).__name__
        raise CheckError(f"반환값은 키가 {list(KEYS)}인 딕셔너리여야 하는데 {got}입니다.")
    return answer


@test_case(name="세 키가 있는 딕셔너리를 돌려줍니다", points=1)
def test_kind(audit):
    for key, value in judged(audit, "").items():
        require(value is None or isinstance(value, bool), f'"{key}"의 값은 True, False, None 가운데 하나여야 합니다.')


@test_case(name="공정한 비교에는 혐의가 없습니다", points=3)
def test_fair(audit):
    answer = judged(audit, "")
    for key in KEYS:
        require(
            answer[key] is False,
            f'공정한 비교인데 "{key}"가 False가 아닙니다.',
            "공정해도 결과가 달라지는 두 실행을 견주었습니다.",
            "공정하다면 값이 얼마여야 하는지부터 적어 보세요.",
        )


@test_case(name="잘못을 종류마다 찾아냅니다", points=6)
def test_faults(audit):
    require(judged(audit, "repeat")["repeat"] is True, "되풀이되지 않는 비교인데 repeat가 True가 아닙니다.")
    require(
        judged(audit, "order")["order"] is True,
        "앞에 다른 깊이가 있으면 값이 달라지는 비교인데 order가 True가 아닙니다.",
        "맨 앞에 놓인 깊이만 견주었거나, 같은 순서로만 불렀습니다.",
    )
    require(
        judged(audit, "test")["test"] is True,
        "두 답안지 가운데 테스트에서 나은 것을 고르는 비교인데 test가 True가 아닙니다.",
        "정답을 바꾸어 부르지 않았거나, 바꾼 뒤의 정확도가 얼마여야 하는지 확인하지 않았습니다.",
    )
