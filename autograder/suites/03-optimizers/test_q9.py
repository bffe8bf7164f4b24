"""Hidden tests of question 9: diagnose(opt) -> the name of Adam's fault, or "ok".

Every Adam is built in the sandbox from numbers drawn here: three ways of writing it down, defaults of its own, three
variants of the missing correction. A test of one fault holds right Adams too: no answer that ignores opt passes.
"""

from autograder.judge import expect, leans_on, points, require

pytestmark = leans_on("adam")
NAMES = "diagnose는 문제의 표에 있는 이름 가운데 하나를 문자열로 돌려줍니다."


def said(student, patients):
    """Return what diagnose says of each patient."""
    entries = expect(student.probe("diagnoses", patients), "diagnose의 답들").each(len(patients))
    return [entry.text(hint=NAMES) for entry in entries]


def told_apart(student, rng, reference, fault, hint):
    """Fail unless three Adams with this fault are named so, and three right ones are not."""
    names = [fault, "ok"] * 3
    answers = said(student, [reference.patient(rng, name, number // 2) for number, name in enumerate(names)])
    for name, answer in zip(names, answers, strict=True):
        if name == "ok":
            require(answer != fault, "고장이 없는 Adam에 이 고장이 있다고 답했습니다.", hint)
        else:
            require(answer == fault, "이 고장이 있는 Adam에 다른 답을 했습니다.", hint)


@points(3.5)
def test_q9_no_correction(student, rng, reference):
    """편향을 보정하지 않는 Adam을 찾습니다. 두 평균 가운데 하나만 보정하는 것도 찾습니다."""
    hint = "같은 기울기를 여러 번 넣어 단계마다 움직인 거리를 보세요. 첫 단계만 보면 우연히 맞는 betas가 있습니다."
    told_apart(student, rng, reference, "no_correction", hint)


@points(3.5)
def test_q9_no_square(student, rng, reference):
    """기울기의 제곱이 아니라 크기를 평균하는 Adam을 찾습니다."""
    hint = "eps가 0일 때 기울기의 크기를 바꾸면 거리가 달라지는지 보세요. 크기가 1인 기울기에서는 드러나지 않습니다."
    told_apart(student, rng, reference, "no_square", hint)


@points(3.5)
def test_q9_eps_inside(student, rng, reference):
    """eps를 제곱근 안에서 더하는 Adam을 찾습니다."""
    hint = "eps가 작으면 드러나지 않습니다. eps를 기울기만큼 크게 주고 첫 단계를 손으로 계산한 값과 비교해 보세요."
    told_apart(student, rng, reference, "eps_inside", hint)


@points(3.5)
def test_q9_betas_swapped(student, rng, reference):
    """betas의 두 값을 바꾸어 쓰는 Adam을 찾습니다."""
    hint = "기울기가 일정하면 드러나지 않습니다. 기울기가 갑자기 0이 될 때 beta1이 하는 일을 생각해 보세요."
    told_apart(student, rng, reference, "betas_swapped", hint)


@points(3.5)
def test_q9_shared_t(student, rng, reference):
    """단계의 번호를 state가 아니라 함수 밖에서 세는 Adam을 찾습니다."""
    hint = "빈 state에서 두 번 시작해 궤적을 비교해 보세요. 앞의 실험이 이 Adam의 번호를 늘려 놓는다는 점도 생각하세요."
    told_apart(student, rng, reference, "shared_t", hint)


@points(1.5)
def test_q9_right_adams_are_ok(student, rng, reference):
    """고장이 없으면 어떻게 적은 Adam이든 "ok"라고 하고, 고장이 있으면 그렇게 하지 않습니다."""
    hint = "lr, betas, eps를 모두 적어 불렀는지, 실수를 ==로 비교하지 않았는지 확인해 보세요."
    names, numbers = ["ok", "ok", "ok", *reference.FAULTS], (0, 1, 2, 0, 1, 2, 0, 1)
    answers = said(student, [reference.patient(rng, *pair) for pair in zip(names, numbers, strict=True)])
    for name, answer in zip(names, answers, strict=True):
        if name == "ok":
            require(answer == "ok", "고장이 없는 Adam에 고장이 있다고 답했습니다.", hint)
        else:
            require(answer != "ok", "고장이 있는 Adam에 없다고 답했습니다.", "표의 다섯 가지를 모두 확인하는지 보세요.")


@points(1)
def test_q9_a_line_of_patients(student, rng, reference):
    """무작위로 줄을 선 Adam 열둘을 모두 바르게 진단합니다."""
    names = [*reference.FAULTS, "ok"] * 2
    order = [int(place) for place in rng.permutation(len(names))]
    numbers = [place // 6 * (1 + int(rng.integers(2))) for place in order]
    answers = said(student, [reference.patient(rng, names[k], n) for k, n in zip(order, numbers, strict=True)])
    right = all(answer == names[k] for k, answer in zip(order, answers, strict=True))
    require(right, "열둘 가운데 잘못 진단한 것이 있습니다.", "다른 시험에서 놓친 고장을 먼저 고치세요.")
