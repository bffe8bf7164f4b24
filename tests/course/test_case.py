"""`check.case`: what a failed public check was about, as it was before the call."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import torch

from course import check
from course.case import Case, Recorder
from course.compare import CheckError, close
from tests.course.masters import solve


def failed(name: str, function: Any, call: Any) -> Case:
    """The case of a finding that `call`, given the recorded function, raises."""
    recorder = Recorder()
    with pytest.raises(CheckError) as caught:
        call(recorder.wrapped(name, function))
    return recorder.case("q1", "이름", caught.value)


def in_place(x: torch.Tensor, scale: float = 2.0) -> torch.Tensor:
    x.mul_(scale)
    return x + 1


def test_arguments_are_those_before_the_call() -> None:
    case = failed("f", in_place, lambda f: close(f(torch.ones(2), scale=3.0), [3.0, 3.0], "f(x)"))

    assert torch.equal(case.args[0], torch.ones(2))
    assert (case.name, dict(case.kwargs)) == ("f", {"scale": 3.0})
    assert torch.equal(case.value, torch.full((2,), 4.0))
    assert case.expected == [3.0, 3.0]
    assert torch.equal(case.again(), torch.full((2,), 4.0))
    assert torch.equal(case.again(), torch.full((2,), 4.0)), "again() changes nothing of the case"


def test_the_call_is_the_one_whose_value_was_compared_not_the_latest() -> None:
    def call(f: Any) -> None:
        first = f(torch.ones(2))
        f(torch.zeros(2))
        close(first.detach(), [0.0, 0.0], "f(x)")

    assert torch.equal(failed("f", in_place, call).args[0], torch.ones(2))


def test_a_value_inside_a_result_finds_its_call() -> None:
    def pair(x: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        return x * 2, [x * 3]

    def call(f: Any) -> None:
        inside = f(torch.ones(1))[1][0]
        f(torch.zeros(1))
        close(inside, [9.0], "f(x)[1][0]")

    assert torch.equal(failed("f", pair, call).args[0], torch.ones(1))


def test_an_exception_leaves_the_call_that_raised() -> None:
    def bad(x: torch.Tensor) -> None:
        raise KeyError("x")

    recorder = Recorder()
    with pytest.raises(KeyError):
        recorder.wrapped("bad", bad)(torch.ones(3))
    case = recorder.case("q1", "이름", CheckError("오류가 발생했습니다."))

    assert (case.name, case.value, case.expected) == ("bad", None, None)
    assert torch.equal(case.args[0], torch.ones(3))


def test_only_the_checks_own_calls_are_kept() -> None:
    recorder = Recorder()
    inner = recorder.wrapped("inner", lambda x: x)
    outer = recorder.wrapped("outer", lambda x: inner(x + 1))
    outer(1)

    assert recorder.case("q1", "이름", CheckError("값이 다릅니다.")).name == "outer"


class Odd:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __deepcopy__(self, memo: Any) -> Any:
        raise ValueError

    def __repr__(self) -> str:
        raise ValueError

    def __call__(self) -> None:
        return None


@pytest.mark.parametrize(
    "value",
    [
        Odd(),
        torch.nn.Linear(2, 2),
        torch.Generator().manual_seed(1),
        lambda: 1,
        {"a": [Odd()]},
        float("nan"),
        "x" * 9999,
    ],
    ids=["odd", "module", "generator", "function", "nested", "nan", "long"],
)
def test_any_argument_and_any_value_can_be_kept_and_shown(value: Any) -> None:
    case = failed("f", lambda x: x, lambda f: close(f(value), [1.0], "f(x)"))

    assert "f" in repr(case)
    assert len(case._repr_html_()) < 5000
    case.again()


def test_a_generator_is_kept_as_it_was() -> None:
    source = torch.Generator().manual_seed(3)
    draw = torch.rand(2, generator=torch.Generator().manual_seed(3))
    case = failed("f", lambda gen: torch.rand(2, generator=gen), lambda f: close(f(source), [9.0, 9.0], "f(gen)"))

    assert torch.equal(case.again(), draw)


def test_what_is_large_is_not_copied() -> None:
    large = torch.zeros(3_000_000)
    begin = time.process_time()
    case = failed("f", lambda x: 1.0, lambda f: [f(large) for _ in range(200)] and close(f(large), 2.0, "f(x)"))

    assert case.args[0] is large
    assert time.process_time() - begin < 5


def test_a_failed_check_ends_with_how_to_look_at_it(in_assignment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solved = solve("01-vanishing-gradients")
    exec("def decay_factor(norms):\n    return 0.5", solved)

    check("q6", solved)

    assert capsys.readouterr().out.rstrip().splitlines()[-1].startswith("  살펴보기: 새 셀에서 check.case를 실행하면")
    assert check.case is not None
    assert (check.case.name, check.case.value) == ("decay_factor", 0.5)


@pytest.mark.parametrize("body", ["raise NotImplementedError", None])
def test_an_unwritten_function_leaves_no_case(
    body: str | None, in_assignment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace: dict[str, Any] = {}
    if body:
        exec(f"def decay_factor(norms):\n    {body}", namespace)

    check("q6", namespace)

    assert check.case is None
    assert "살펴보기" not in capsys.readouterr().out


def test_a_check_that_passes_leaves_no_case(in_assignment: Path) -> None:
    solved = solve("01-vanishing-gradients")
    check("q6", {"decay_factor": lambda norms: 0.5})
    check("q6", solved)

    assert check.case is None
