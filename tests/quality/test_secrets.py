"""A test that flips a coin, and one that its draw decides, are found by many secrets and by nothing else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.catalog import load_assignment, read_master
from autograder.corpus import Case, read_case
from autograder.grading.secrets import trial_secret
from autograder.judge import local
from autograder.judge.run import Job, grade
from autograder.judge.suite import Suite
from autograder.quality.bench import PATIENT, Bench, CaseResult, reference_case
from autograder.quality.survey import Survey
from autograder.quality.table import markdown, print_survey
from tests.judge.conftest import FakeControl

SECRETS = 20
UNSTEADY = '''
import pytest
import torch

from autograder.judge import expect, points, require


@pytest.fixture(scope="module")
def thrown():
    return float(torch.rand(()))


@points(1)
def test_f_doubles(student, rng):
    """두 배로 만듭니다."""
    value = int(rng.integers(3, 9))
    expect(student.f([value]), "f").equals(2 * value)


@points(1)
def test_f_of_a_coin(student):
    """동전이 앞면이면 통과합니다."""
    expect(student.f([1, 1]), "f").equals(4)
    require(float(torch.rand(())) < 0.5, "동전의 뒷면입니다.", "다시 던져 보세요.")


@points(1)
def test_f_of_a_coin_for_the_file(student, thrown):
    """파일에서 한 번 던진 동전이 앞면이면 통과합니다."""
    expect(student.f([1, 1]), "f").equals(4)
    require(thrown < 0.5, "동전의 뒷면입니다.", "다시 던져 보세요.")


@points(2)
def test_f_of_both_signs(student, generator):
    """음수도 더합니다."""
    values = [float(value) for value in torch.randn(2, generator=generator)]
    expect(student.f(values), "f").close_to(2 * sum(values), rtol=0.0, atol=1e-9)
'''
COINS = {"test_f_of_a_coin", "test_f_of_a_coin_for_the_file"}
ONLY_POSITIVE = Case("only_positive", "음수를 빼고 더한다", "q1", ("test_f_of_both_signs",), "", ())


@pytest.fixture
def bench(course: Path) -> Bench:
    """Grades the made-up course's answers by its unsteady tests, in this process."""
    (course / "suites" / "00-tiny" / "test_q1.py").write_text(UNSTEADY, encoding="utf-8")
    assignment = load_assignment("00-tiny", course)
    suite = Suite.collect(assignment)

    def grade_job(job: dict[str, Any], silence: float) -> dict[str, Any]:
        control = FakeControl()
        return grade(Job.from_dict(job), suite, control, clock=control.clock)

    return Bench(assignment, read_master(assignment), grade_job)


def only_positive(course: Path) -> Case:
    """A wrong work: it loses a test wherever the draw holds a number below zero."""
    path = course / "tests" / "corpus" / "00-tiny" / "wrong" / "only_positive.py"
    header = f"# about: {ONLY_POSITIVE.about}\n# question: q1\n# loses: test_f_of_both_signs\n\n"
    answer = "# %% q1\ndef f(x):\n    return 2 * sum(value for value in x if value > 0)\n"
    path.write_text(header + answer, encoding="utf-8")
    return read_case(path)


def test_a_coin_and_a_draw_that_does_not_always_show_it_are_told_with_their_counts(bench: Bench, course: Path) -> None:
    """A fixture of the whole file is thrown again for each draw: nothing of one secret is left to the next."""
    right = bench.grade_case(reference_case("q1"), ["q1"], PATIENT, secrets=SECRETS)
    wrong = bench.grade_case(only_positive(course), ["q1"], PATIENT, secrets=SECRETS)

    assert set(right.unsteady) == COINS
    assert set(wrong.unsteady) == {*COINS, "test_f_of_both_signs"}
    assert all(0 < count < SECRETS for count in wrong.unsteady.values())
    assert not right.as_stated
    assert not wrong.as_stated
    assert right.always == wrong.always == ()


def test_one_secret_finds_neither(bench: Bench, course: Path) -> None:
    """It says whatever it says: nothing of one draw shows that another would differ."""
    for case in (reference_case("q1"), only_positive(course)):
        result = bench.grade_case(case, ["q1"], PATIENT)
        assert (result.unsteady, result.draws) == ({}, ())


def test_what_depends_on_the_draw_is_written_where_the_table_is(bench: Bench, course: Path) -> None:
    graded = [bench.grade_case(c, ["q1"], PATIENT, secrets=SECRETS) for c in (only_positive(course), reference_case())]
    wrong, right = graded
    found = Survey(load_assignment("00-tiny", course), ("q1",), (), wrong=(wrong,), right=(right,), secrets=SECRETS)
    console = Console(file=io.StringIO(), width=120)
    print_survey(console, found)

    assert not found.passed
    assert found.to_dict()["secrets"] == {"total": SECRETS, "unsteady": 2}
    coin = f"| `test_f_of_a_coin` | {wrong.unsteady['test_f_of_a_coin']} / {SECRETS} |"
    assert coin in markdown(found)
    assert "test_f_of_both_signs" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_case_that_loses_what_it_states_under_every_secret_is_as_stated() -> None:
    steady = CaseResult(ONLY_POSITIVE, ONLY_POSITIVE.loses, 2, 5, draws=(ONLY_POSITIVE.loses,) * 2)
    assert steady.as_stated
    assert steady.unsteady == {}
    assert not CaseResult(ONLY_POSITIVE, ONLY_POSITIVE.loses, 2, 5, draws=(ONLY_POSITIVE.loses, ())).as_stated


def test_the_local_runner_tells_how_many_draws_fail(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work.py"
    work.write_text("# %% q1\ndef f(x):\n    return 2 * sum(x)\n", encoding="utf-8")

    assert local.main(["00-tiny", str(work), "--seeds", str(SECRETS)]) == 1
    lines = {line.split()[-1]: line for line in capsys.readouterr().out.splitlines() if " ms " in line}
    assert lines["test_f_of_both_signs"].startswith("passed ")
    count, total = map(int, lines["test_f_of_a_coin"].split()[1].split("/"))
    assert lines["test_f_of_a_coin"].startswith("failed ")
    assert 0 < count < total == SECRETS


def test_trial_secrets_stay_what_they_are_and_differ() -> None:
    """Else a finding of last year could not be seen again."""
    assert trial_secret(0).hex().startswith("b361a4e97ff1e6a6")
    assert len({trial_secret(number) for number in range(100)}) == 100
