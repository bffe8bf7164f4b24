"""Margins of the made-up course: which comparisons are near, what is told of them, and where it is written."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.catalog import load_assignment, read_master
from autograder.cli import main
from autograder.quality import command
from autograder.quality.margins import MarginSurvey, markdown, measure, print_margins, write_margins
from tests.quality.conftest import grade_job

QUIET = {"kind": "close_to", "text": "x ≈ y", "count": 60, "worst": 1e-9, "value": 1e-9, "limit": 1.0, "steps": 1e6}
TIGHT = {
    "kind": "require",
    "text": "value >= 0.4",
    "count": 60,
    "worst": 0.9,
    "value": 0.45,
    "limit": 0.4,
    "steps": 2.5,
}
EDGE = {"kind": "between", "text": "x in [0, 1]", "count": 60, "worst": 1.0, "value": 1.0, "limit": 1.0, "steps": 0.0}
UNREAD = {"kind": "unread", "text": "", "count": 0, "worst": None}


def measured(course: Path, *found: dict[str, Any], right: dict[str, Any] | None = None, **options: Any) -> MarginSurvey:
    """Measure, where the master's comparisons are these and the first one of each right work is `right`."""
    jobs = []

    def grade(job: dict[str, Any], silence: float) -> dict[str, Any]:
        del silence
        works = found if not jobs or right is None else (right, *found[1:])
        jobs.append(job)
        assert job["margins"]
        places = {f"test_q1.py:{line}": dict(margin) for line, margin in enumerate(works)}
        tests = grade_job({**job, "stop_at_first_loss": False}, 0)["tests"]
        return {"tests": tests, "draws": [tests] * len(job["more_secrets"]), "margins": {"test_f_adds": places}}

    assignment = load_assignment("00-tiny", course)
    corpus = course / "tests" / "corpus" / "00-tiny"
    survey = measure(assignment, read_master(assignment), grade, corpus=corpus, **options)
    assert [1 + len(job["more_secrets"]) for job in jobs] == [survey.draws, min(survey.draws, 10)]
    return survey


def test_near_is_over_a_third_of_the_tolerance_and_under_six_deviations(course: Path) -> None:
    survey = measured(course, QUIET, TIGHT, EDGE, UNREAD)
    assert [margin.text for margin in survey.near] == ["value >= 0.4"]
    assert not survey.passed
    assert measured(course, QUIET, {**TIGHT, "steps": 6.0}).passed
    assert measured(course, QUIET, {**TIGHT, "worst": 0.33}).passed
    assert measured(course, {**TIGHT, "steps": None}).passed, "it is the same in every draw"
    assert not measured(course, {**TIGHT, "worst": None}).passed, "an infinite share"


def test_a_right_work_nearer_than_the_master_is_the_one_that_is_told(course: Path) -> None:
    survey = measured(course, {**TIGHT, "worst": 0.2, "steps": 9.0}, right=TIGHT, draws=12)
    (margin,) = survey.margins
    assert (margin.worst, margin.steps, margin.count, margin.work) == (0.9, 2.5, 120, "sum")


def test_what_a_right_answer_loses_is_told_and_fails(course: Path) -> None:
    text = (course / "tests/corpus/00-tiny/right/sum.py").read_text(encoding="utf-8")
    (course / "tests/corpus/00-tiny/right/sum.py").write_text(text.replace("2 *", "3 *"), encoding="utf-8")
    survey = measured(course, QUIET)
    assert survey.lost == ("sum: test_f_doubles", "sum: test_f_adds")
    assert not survey.passed


def test_the_section_of_the_notes_is_written_and_written_again(course: Path) -> None:
    survey = measured(course, QUIET, TIGHT, EDGE, UNREAD)
    notes = survey.assignment.suite_dir / "NOTES.md"
    before = notes.read_text(encoding="utf-8")
    write_margins(survey)
    written = notes.read_text(encoding="utf-8")
    assert written.startswith(before)
    assert "| q1 | `test_f_adds` | `value >= 0.4` | 0.9 | 0.45 | 0.4 | 2.5 | 120 |" in written
    assert "All other 1 comparisons" in written
    assert "1 stand exactly on a bound of the quantity; 1 were not read" in written
    write_margins(survey)
    assert notes.read_text(encoding="utf-8") == written
    write_margins(replace(survey, margins=()))
    assert "value >= 0.4" not in notes.read_text(encoding="utf-8")
    console = Console(file=io.StringIO(), width=200)
    print_margins(console, survey)
    assert "value >= 0.4" in console.file.getvalue()  # type: ignore[attr-defined]
    assert markdown(survey).count("\n| q1 ") == 1


def test_the_command_measures_in_place_of_mutants(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, asked = measured(course, TIGHT), {}

    def margins_of(assignment_id: str, **options: Any) -> MarginSurvey:
        asked.update(options, assignment_id=assignment_id)
        return survey

    monkeypatch.setattr(command, "margins_of", margins_of)
    result = CliRunner().invoke(main, ["quality", "00-tiny", "--margins", "--draws", "5", "--json"])
    assert result.exit_code == 1, result.output
    assert '"near": 1' in result.output
    assert (asked["assignment_id"], asked["draws"]) == ("00-tiny", 5)


def test_distances_of_several_works_are_put_together(course: Path) -> None:
    """Five draws around 2 and five around 4: the mean is 3, and what lies between the works counts as spread."""
    five = [5, 2.0, 0.4]
    mine, right = ({**TIGHT, "steps": 1.0, "distances": [[5, mean, 0.4], five]} for mean in (2.0, 4.0))
    (margin,) = measured(course, mine, right=right).margins
    assert margin.steps == pytest.approx(min(3.0 / (10.8 / 9) ** 0.5, 2.0 / (0.8 / 9) ** 0.5))
