"""Hidden tests of question 8: audit(sweep, depths, seed, data) -> {"repeat": bool, "order": bool, "test": bool}.

A sweep cannot cross into the sandbox, so toys stand in the probe: they train nothing, and one guess more or less is all
that a fault changes. Each test asks a fair sweep too, so that who suspects everybody earns nothing.
"""

import torch

from autograder.judge import expect, points, require

FAIR = {"repeat": False, "order": False, "test": False}
ORDER, TEST = {**FAIR, "order": True}, {**FAIR, "test": True}
REPEAT = {"repeat": True, "order": None, "test": None}
SUSPECTED = (
    "공정한 sweep에서는 세 값이 모두 False입니다. 공정한데도 결과가 달라지는 두 실행을 견주지 않았는지 확인해 보세요."
)


ROWS = 21
"""Of the test part: each share k/21 and its rest, both rounded to float32, sum to something else than 1."""


def toy_data(rng):
    """Return (x_train, y_train, x_test, y_test) in two classes, a quarter of the labels 1.

    The toys guess 0 nearly always, so that no accuracy is near one half; an odd number of rows makes it differ from it.
    """
    train, test = 2 * int(rng.integers(10, 20)) + 1, ROWS
    inputs = torch.from_numpy(rng.normal(size=(train + test, 3)))
    ones = [rng.permutation(count) < count // 4 for count in (train, test)]
    y_train, y_test = (torch.from_numpy(one).to(torch.int64) for one in ones)
    return inputs[:train], y_train, inputs[train:], y_test


def depths_of(rng, count):
    """Return different depths, none in order of size: the second is the deepest, the last is not the shallowest."""
    low, middle, *rest = sorted(int(n) for n in rng.choice(range(1, 12), size=count, replace=False))
    return [low, max(rest), middle, *sorted(rest)[:-1]] if rest else [low, middle]


def says(verdict, value):
    """Return whether this verdict is True, False or None, whichever `value` is."""
    try:
        verdict.equals(value)
    except AssertionError:
        return False
    return True


def judge(student, rng, kinds, depths, hint, keys=tuple(FAIR)):
    """Require what audit says under `keys` of each (kind, depths that are wrong, expected answer), and of a fair sweep.

    A test of one verdict does not judge the other two: they have tests of their own.
    """
    cases = [("fair", [], FAIR), *kinds]
    data = toy_data(rng)
    report = student.probe("audits", [(name, at) for name, at, _ in cases], depths, int(rng.integers(1000)), data)
    answers, afterwards, seeded = expect(report).unpack(3)
    for answer, (_, _, wanted) in zip(expect(answers).each(len(cases)), cases, strict=True):
        answer.mapping(FAIR)
        for key in FAIR if wanted == REPEAT else keys:  # what does not repeat proves nothing under any key
            answer.item(key).equals(wanted[key], hint=SUSPECTED if wanted == FAIR else hint)
    return data, expect(afterwards).each(len(cases)), expect(seeded).truth()


@points(2)
def test_q8_each_kind_of_fault_is_told_from_a_fair_sweep(student, rng):
    """공정한 sweep에는 혐의가 없고, 세 가지 잘못을 저마다 찾아냅니다."""
    depths = depths_of(rng, 3)
    hint = "잘못마다, 그 잘못이 없다면 답을 미리 아는 두 실행을 견주세요."
    kinds = [("place", depths, ORDER), ("best", depths, TEST), ("counts", depths, REPEAT)]
    judge(student, rng, kinds, depths, hint)


@points(1.5)
def test_q8_other_depths_in_the_call_change_nothing(student, rng):
    """함께 넣은 깊이의 수, 앞에 놓인 깊이, 깊이 하나에만 있는 잘못도 order로 찾아냅니다."""
    depths = depths_of(rng, 4)
    hint = "순서를 뒤집는 것으로는 보이지 않는 잘못이 있습니다. 깊이 하나만 넣었을 때를 깊이마다 견주세요."
    kinds = [("together", depths, ORDER), ("after", depths, ORDER), ("place", depths[2:3], ORDER)]
    judge(student, rng, kinds, depths, hint, ("order",))


@points(1.5)
def test_q8_labels_of_the_test_part_are_only_counted(student, rng):
    """테스트의 정답으로 훈련하거나 고르는 것, 훈련 데이터에서 재는 것을 test로 찾아냅니다."""
    depths = depths_of(rng, 3)
    hint = "클래스가 둘일 때 테스트의 정답을 모두 바꾸면, 공정한 정확도는 어떻게 달라져야 하는지 생각해 보세요."
    kinds = [("leak", depths, TEST), ("training", depths, TEST), ("best", depths[1:2], TEST)]
    judge(student, rng, kinds, depths, hint, ("test",))


@points(2.5)
def test_q8_what_does_not_repeat_proves_nothing(student, rng):
    """같은 실행이 되풀이되지 않으면 repeat만 True이고 나머지는 None입니다."""
    depths = depths_of(rng, 3)
    hint = "전역 난수의 시드를 심으면 되풀이되지 않는 sweep이 되풀이되는 것처럼 보입니다. 나머지 둘은 None입니다."
    kinds = [("global", depths, REPEAT), ("counts", depths[-1:], REPEAT)]
    *_, seeded = judge(student, rng, kinds, depths, hint, ("repeat",))
    expect(seeded, "전역 난수의 시드를 심었는지").equals(False, hint=hint)


@points(2.5)
def test_q8_rounding_is_no_fault_and_data_stay(student, rng):
    """반올림의 차이는 잘못으로 보지 않고, data의 값은 그대로 둡니다."""
    depths = depths_of(rng, 2)
    data = toy_data(rng)
    kinds = [("fair", []), ("float32", []), ("place", depths), ("counts", depths)]
    report = student.probe("audits", kinds, depths, int(rng.integers(1000)), data)
    answers, afterwards, _ = expect(report).unpack(3)
    verdicts = []
    for answer in expect(answers).each(len(kinds)):
        answer.mapping(FAIR)
        verdicts.append([next((v for v in (True, False, None) if says(answer.item(key), v)), "?") for key in FAIR])
    hint = "이 sweep들은 잘못이 저마다 다릅니다. sweep을 불러 얻은 값으로 판정하는지 확인해 보세요."
    require(any(some != verdicts[0] for some in verdicts[2:]), "판정이 sweep에 따라 달라지지 않습니다.", hint)
    hint = "정확도의 차이가 1e-6보다 큰지로 판정하세요. 반올림의 차이는 잘못이 아닙니다."
    require(verdicts[1] == verdicts[0], "정확도를 float32로 센 것만으로 판정이 달라집니다.", hint)
    for after in expect(afterwards).each(4):
        expect(after.unpack(4), "data").equals(data, hint="정답을 바꿀 때 원래 텐서가 아니라 새 텐서를 만드세요.")
