"""What a student is told of hidden tests: how much it is at most, and that nothing else comes through.

A question's page is taken for a message, whose sender is the student's code: it sees hidden inputs and what else lies
in its sandbox, and chooses how each test ends.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from autograder.judge import expectations
from autograder.judge.expectations import ExpectationFailed, expect
from autograder.judge.outcomes import Scene, judgement_of
from autograder.judge.public_stop import suspect_of
from autograder.judge.told import BITS, STOPS, Finding, Kind, Telling, Words, stop_sentence
from autograder.judge.vocabulary import _DIFFERENCES, vocabulary
from autograder.model import Limits, Outcome, TestOutcome
from autograder.sandbox import StudentError

LIMITS = Limits()
STOPPED = "함수의 실행이 끝까지 가지 못했습니다."
RAISED = "함수를 실행하는 중 예외가 발생했습니다."


def outcome(number: int, how: Outcome, *, carried: bool = False) -> TestOutcome:
    return TestOutcome(f"test_{number}", "q1", f"제목 {number}", 1.0, how, message="unsaid", carried=carried)


def findings_of(words: Words) -> Iterator[Finding]:
    """Everything that a test of these words can be found to be."""
    for number in range(words.findings):
        kind = (Kind.FORM, Kind.VALUE)[number % 2]
        yield Finding(kind, f"증상 {number}", f"까닭 {number % words.hints}")
    for kind in STOPS:
        yield Finding(kind, stop_sentence(kind, LIMITS))
    yield Finding(Kind.TIME, stop_sentence(Kind.TIME, LIMITS), spent="모두 썼습니다")


def pages(words: Sequence[Words], *, leans: bool) -> set[tuple[tuple[str, str, bool], ...]]:
    """Every page that there can be: each test passed, carried or failed in each way, with a public stop or without."""
    telling = Telling(words, leans=leans)
    found = set()
    ways = [[None, *findings_of(own), *([True] if leans else [])] for own in words]
    for chosen in itertools.product(*ways):
        outcomes, findings = [], {}
        for number, way in enumerate(chosen):
            passed = not isinstance(way, Finding)
            outcomes.append(outcome(number, Outcome.PASSED if passed else Outcome.FAILED, carried=way is True))
            if isinstance(way, Finding):
                findings[f"test_{number}"] = way
        carried = any(each.carried for each in outcomes)
        for stop in ("", "`q1` 셀의 2번째 줄에서"):
            told = telling.tell(outcomes, findings, stop)
            found.add((*((each.outcome.value, each.message, carried) for each in told),))
    return found


@pytest.mark.parametrize("leans", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        [Words(3, 2)],
        [Words(3, 2), Words(1, 1, "그 까닭")],
        [Words(2, 1), Words(9, 3), Words(4, 2)],
        [Words(30, 12), Words(1, 1), Words(1, 1), Words(2, 2)],
    ],
)
def test_there_are_no_more_pages_than_two_bits_a_test(words: list[Words], *, leans: bool) -> None:
    telling = Telling(words, leans=leans)
    found = pages(words, leans=leans)
    assert math.log2(len(found)) <= telling.bits() + 1e-9
    assert telling.bits() <= BITS * len(words)


def test_passed_or_not_is_told_of_every_test_and_findings_as_far_as_the_count_allows() -> None:
    words = [Words(2, 2), Words(20, 4), Words(9, 3, "셋째의 까닭"), Words(2, 2), Words(2, 2), Words(9, 3)]
    how = (Outcome.PASSED, Outcome.FAILED, Outcome.FAILED, Outcome.PASSED, Outcome.BLOCKED, Outcome.FAILED)
    outcomes = [outcome(number, each) for number, each in enumerate(how)]
    findings = {f"test_{number}": Finding(Kind.VALUE, f"증상 {number}. 까닭", "까닭") for number in (1, 2, 5)}
    told = Telling(words, leans=False).tell(outcomes, findings)
    assert [each.message for each in told] == ["", "기대한 결과와 다릅니다. 까닭", "까닭", "", "unsaid", ""]
    passed = [replace(each, outcome=Outcome.PASSED) for each in outcomes[2:]]
    alone = Telling(words, leans=False).tell([*outcomes[:2], *passed], {"test_1": findings["test_1"]})
    assert alone[1].message == "증상 1. 까닭"
    assert [each.outcome for each in told] == list(how)


def test_a_tests_own_hint_is_not_replaced_by_an_exception() -> None:
    words = [Words(3, 1, "편향을 더했는지 확인해 보세요."), Words(3, 1, "층이 하나일 때도 동작해야 합니다.")] * 3
    outcomes = [outcome(number, Outcome.FAILED) for number in range(6)]
    findings = {o.name: Finding(Kind.ERROR, stop_sentence(Kind.ERROR, LIMITS)) for o in outcomes}
    first, second, *_ = told = Telling(words, leans=False).tell(outcomes, findings)
    assert first.message == f"{RAISED} 편향을 더했는지 확인해 보세요."
    assert second.message == f"{STOPPED} 층이 하나일 때도 동작해야 합니다."
    assert told[-1].message == "층이 하나일 때도 동작해야 합니다."


def test_the_level_falls_as_a_test_has_more_to_say_and_as_more_did_not_pass() -> None:
    def levels(count: int, words: Words, failed: int = 1) -> list[str]:
        plan = Telling([words] * count, leans=False).plan(range(failed))
        return [level.value for level in plan.levels]

    assert [levels(6, words) for words in (Words(50, 9), Words(500, 9), Words(500, 50), Words(500, 90))] == [
        ["full"],
        ["hint"],
        ["short"],
        ["coarse"],
    ]
    assert levels(6, Words(20, 5), 4) == ["short", "short", "own", "own"]
    assert levels(1, Words(3, 2)) == ["own"]


# -- what a test's text says


def test_sentences_are_counted_by_subject_difference_and_hint() -> None:
    words = vocabulary("""
def test_one(student):
    expect(student.f(1), "f").equals(2, hint="더하기")

def test_again(student):
    for n in range(5):
        expect(student.f(n), "f").equals(n + 1, hint="더하기")
    expect(student.f(9), "f").equals(10, hint="더하기")

def test_two(student):
    hint = "하나" if student else "둘"
    expect(student.f(1), "f").close_to(2.0, hint=hint)

def looked(value, hint):
    require(value > 0, "작습니다.", hint)

def test_helper(student):
    looked(student.f(1), "가")
    looked(student.f(2), "나")

def test_changing(student):
    for layer in range(9):
        require(student.f(layer), f"{layer}번 층이 다릅니다.", "까닭")

def test_several(student):
    for name, hint in (("a", "가"), ("b", "나"), ("c", "다")):
        expect(student.f(name), name).equals(1, hint=hint)
""")
    one, again = words["test_one"], words["test_again"]
    assert one == again == Words(_DIFFERENCES["equals"] + 1, 3, "더하기")
    assert words["test_two"].findings == 2 * _DIFFERENCES["close_to"] + 1
    assert words["test_two"].hint == ""
    assert words["test_helper"].findings >= 2
    assert words["test_changing"].findings >= 10 and words["test_changing"].hint == "까닭"
    assert words["test_several"].findings >= 3 * 3 * _DIFFERENCES["equals"]


def test_every_way_of_expect_to_fail_is_counted() -> None:
    public = {name for name in vars(expectations.Expectation) if not name.startswith("_")}
    assert public == set(_DIFFERENCES)


STRANGE: list[Any] = [None, True, 3, 2.5, 1j, "x", b"x", [], [1, 2, 3], (), (1,), {}, {"a": 1}, {1, 2}, object()]


def _strange() -> list[Any]:
    import numpy as np
    import torch

    tensors = [torch.zeros(size) for size in ((), (0,), (2,), (3,), (2, 2), (1,) * 30)]
    more = [torch.tensor([float("nan"), 1.0]), torch.tensor([True]), torch.tensor([1j]), np.array(["x"]), np.zeros(2)]
    more.append(torch.full((2,), 1e200, dtype=torch.float64))
    return [
        *STRANGE,
        *tensors,
        *more,
        1e200,
        float("nan"),
        float("inf"),
        10**400,
        {i: i for i in range(99)},
        ["a"] * 99,
    ]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("shape", (2, None)),
        ("shape", ()),
        ("dtype", ("torch.float64",)),
        ("finite", ()),
        ("close_to", ([1.0, 2.0],)),
        ("close_to", (1.0,)),
        ("equals", ([1, 2],)),
        ("between", (5.0, 6.0)),
        ("mapping", (["a", "b", "c"],)),
        ("sequence", (2,)),
        ("item", (7,)),
        ("item", ("b",)),
        ("unpack", (2,)),
        ("number", ()),
        ("integer", ()),
        ("tensor", ()),
        ("each", (2,)),
        ("real", ()),
        ("reals", ()),
        ("text", ()),
        ("truth", ()),
    ],
)
def test_no_value_makes_more_sentences_than_are_counted(name: str, arguments: tuple[Any, ...]) -> None:
    import torch

    given = [torch.float64 if a == "torch.float64" else torch.tensor(a) if name == "close_to" else a for a in arguments]
    said = set()
    for value in _strange():
        try:
            getattr(expect(value, "v"), name)(*given)
        except ExpectationFailed as failed:
            said.add(failed.message)
    assert not any(re.search(r"30|99|nan|j\b", message) for message in said)
    assert 1 <= len(said) <= _DIFFERENCES[name], said


# -- where a public check stops


CHECK = """
OK_FORMAT = False

from course.checks import close, test_case

name = "q1"
points = 2


@test_case(points=1)
def test_value(f):
    close(f(2), 3, "f")


@test_case(points=1)
def test_list(f):
    f([1])
"""
FILES = {
    "test_q1.py": '''
@points(1)
def test_f_adds_one(student):
    """f는 1을 더합니다."""
    expect(student.f(10), "f").equals(11, hint="더하기를 확인해 보세요.")

@points(1)
def test_f_of_more(student):
    """f(20)입니다."""
    expect(student.f(20), "f").equals(21)

@points(1)
def test_f_of_most(student):
    """f(30)입니다."""
    expect(student.f(30), "f").equals(31)
'''
}
BESIDE = {"checks/q1.py": CHECK.encode()}


@pytest.fixture
def told(suites: Any, run: Any) -> Any:
    suite = suites.write(FILES, {"q1": (3, ["f"])})

    def messages(source: str, **cells: str) -> list[str]:
        graded = run(suite, {**cells, "q1": source}, files=BESIDE)
        return [graded.message(name) for name in ("test_f_adds_one", "test_f_of_more", "test_f_of_most")]

    return messages


def test_line_and_exception_are_told_once_and_only_where_the_public_check_stops_there(told: Any) -> None:
    first, *others = told("def f(x):\n    y = x + 1\n    return y[0]")
    assert first.startswith("`q1` 셀의 3번째 줄에서 TypeError 예외가 발생했습니다. 공개 점검도 이곳에서 멈춥니다.")
    assert not any("줄" in message for message in others)


def test_what_only_a_hidden_input_raises_is_told_without_line_or_name(told: Any) -> None:
    messages = told("def f(x):\n    if x == 10:\n        raise KeyError(x)\n    return [x][0] if x == [1] else x + 1")
    assert messages == [f"{RAISED} 더하기를 확인해 보세요.", "", ""]


def test_where_the_public_check_stops_does_not_hang_on_the_hidden_input(told: Any) -> None:
    """A line chosen under hidden inputs: the run that tells it has never met one."""
    body = "\n".join(f"    if seen == {n}: raise ValueError" for n in range(8, 12))
    noted = "    global seen\n    seen = x if isinstance(x, int) and x > 5 else seen"
    first, *_ = told(f"seen = 8\ndef f(x):\n{noted}\n{body}\n    return 0")
    assert first.startswith("`q1` 셀의 5번째 줄에서 ValueError")


def test_a_line_of_another_cell_is_not_told(told: Any) -> None:
    first, *_ = told("def f(x):\n    return helper(x)", helper="def helper(x):\n    return x[0]")
    assert first.startswith("함수를 실행하는 중 TypeError 예외가 발생했습니다.")


def test_a_students_own_exception_is_not_named_where_the_check_stops_either(told: Any) -> None:
    first, *_ = told("class Leaked_9(Exception): pass\ndef f(x): raise Leaked_9(x)")
    assert "사용자 정의 예외" in first and "Leaked" not in first


def test_a_name_whose_cell_was_stopped_is_not_the_students_name_error(told: Any) -> None:
    first, *_ = told("def f(x): return helper(x) + 1", mine="hang()\ndef helper(x): return x")
    assert "`mine` 셀의 실행이 중단되어" in first and "NameError" not in first


def test_a_public_check_that_hangs_or_kills_tells_nothing(told: Any) -> None:
    for ending in ("hang()", "die()", "forge()"):
        first, *_ = told(f"def f(x):\n    if x == 2: {ending}\n    raise ValueError")
        assert first == f"{RAISED} 더하기를 확인해 보세요."


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", "모양(shape)"),
        ("The size of tensor a (3) must match the size of tensor b (4)", "모양(shape)"),
        ("expected scalar type Float but found Double", "자료형(dtype)"),
        ("expected m1 and m2 to have the same dtype, but got: float != double", "자료형(dtype)"),
        ("element 0 of tensors does not require grad and does not have a grad_fn", "requires_grad"),
        ("Trying to backward through the graph a second time", "requires_grad"),
        ("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory", "메모리 한도"),
        ("Expected all tensors to be on the same device", "장치(device)"),
        ("dictionary changed during iteration", "직접 호출해"),
        ("", "직접 호출해"),
    ],
)
def test_shape_and_dtype_are_suspected_only_where_torch_names_them(detail: str, said: str) -> None:
    message = suspect_of("RuntimeError", f"RuntimeError: {detail}")
    parts = ("모양(shape)", "자료형(dtype)", "requires_grad", "메모리 한도", "장치(device)", "직접 호출해")
    assert [part for part in parts if part in message] == [said]
    assert not detail or detail not in message
    memory = judgement_of(StudentError("RuntimeError", 2, 0, detail), Scene([], [], {}), limits=LIMITS).finding
    assert memory is not None
    assert (memory.kind is Kind.MEMORY) is (said == "메모리 한도")
