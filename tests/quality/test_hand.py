"""What a point is worth: the hand column of a corpus, and what is proposed where a work loses something else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.catalog import load_assignment, read_master
from autograder.corpus import Case, read_case
from autograder.errors import AssignmentError
from autograder.quality.bench import CaseResult
from autograder.quality.command import write_proposals
from autograder.quality.hand import hand_rows, means_of, proposed_losses
from autograder.quality.survey import Survey, survey
from autograder.quality.table import markdown
from tests.quality.conftest import grade_job


def result(hand: float | None, points: float, *, loses: tuple[str, ...] = (), lost: tuple[str, ...] = ()) -> CaseResult:
    case = Case("wrong", "틀림", "q1", loses, "", (), hand=hand, hand_reason="why")
    return CaseResult(case, lost, points, 20, reasons={"test_b": "값이 다릅니다."})


def test_the_means_are_over_what_was_graded_by_hand() -> None:
    means = means_of(hand_rows([result(40, 10), result(None, 20), result(60, 10), result(50, 11)]))

    assert means is not None
    assert (means.count, means.by_hand, round(means.by_suite, 2)) == (3, 50, 51.67)
    assert means.near == 1.0
    assert means_of(hand_rows([result(None, 20)])) is None
    assert means_of(hand_rows([result(10, 10)])).near == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("line", ["40%", "40 the sign", "101% too much", "-5% less", "x% y"])
def test_a_hand_line_without_share_or_reason_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "case.py"
    path.write_text(f"# about: x\n# question: q1\n# hand: {line}\n\n# %% q1\nx = 1\n", encoding="utf-8")
    with pytest.raises(AssignmentError):
        read_case(path)


def test_a_hand_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_text("# about: x\n# question: q1\n# hand: 12.5% the sign\n\n# %% q1\nx = 1\n", encoding="utf-8")
    case = read_case(path)
    assert (case.hand, case.hand_reason) == (12.5, "the sign")


TEXT = "# about: x\n# question: q1\n# loses: test_a\n\n# %% q1\nx = 1\n"


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("# loses: test_a\n", "")], ids=["stated", "nothing-stated"])
def test_a_proposal_applies_and_says_why(tmp_path: Path, text: str) -> None:
    loses = ("test_a",) if "test_a" in text else ()
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "case.py").write_text(text, encoding="utf-8")
    patch = proposed_losses(result(None, 5, loses=loses, lost=("test_b",)), text, "wrong/case.py")

    assert "# wrong/case.py: test_b: 값이 다릅니다." in patch
    subprocess.run(["patch", "-p1"], input=patch + "\n", text=True, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert read_case(tmp_path / "wrong" / "case.py").loses == ("test_b",)


def surveyed(course: Path) -> Survey:
    assignment = load_assignment("00-tiny", course)
    corpus = course / "tests" / "corpus" / "00-tiny"
    return survey(assignment, read_master(assignment), grade_job, corpus=corpus)


def test_the_notes_have_both_columns_and_the_means(course: Path) -> None:
    wrong = course / "tests" / "corpus" / "00-tiny" / "wrong" / "not_doubled.py"
    text = wrong.read_text(encoding="utf-8")
    wrong.write_text(text.replace("\n", "\n# hand: 80% not doubled anywhere\n", 1), encoding="utf-8")
    notes = markdown(surveyed(course))

    assert "| 100 | 80 | not doubled anywhere |" in notes
    assert "over 1 named mistakes: 80.0 by hand, 100.0 by the suite; 0 % within 10 points." in notes


def test_proposals_are_written_where_a_work_loses_something_else_and_taken_away_when_none_does(course: Path) -> None:
    folder = course / "tests" / "corpus" / "00-tiny"
    wrong = folder / "wrong" / "not_doubled.py"
    text = wrong.read_text(encoding="utf-8")
    wrong.write_text(text.replace("test_f_doubles, ", ""), encoding="utf-8")
    path = write_proposals(surveyed(course), folder, course)
    assert path == folder / "proposed.patch"
    assert "+# loses: test_f_doubles" in path.read_text(encoding="utf-8")
    wrong.write_text(text, encoding="utf-8")
    assert write_proposals(surveyed(course), folder, course) is None
    assert not path.exists()
