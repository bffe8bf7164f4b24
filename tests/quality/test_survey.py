"""A survey of the made-up course: kills, reasons, the corpus, the forms it is shown in, and the command itself."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.catalog import assignments, load_assignment, read_master
from autograder.cli import main
from autograder.errors import AssignmentError
from autograder.quality.command import quality_of
from autograder.quality.mutants import Key, mutants_of
from autograder.quality.survey import Survey, survey
from autograder.quality.survivors import as_toml, read_survivors
from autograder.quality.table import BEGIN, END, markdown, print_survey, replaced
from tests.quality.conftest import grade_job

ROOT = Path(__file__).resolve().parents[2]
FINISHED = [a for a in assignments(ROOT)[0] if (a.suite_dir / "survivors.toml").is_file()]


def surveyed(course: Path, grade: Any = grade_job, **options: Any) -> Survey:
    assignment = load_assignment("00-tiny", course)
    corpus = course / "tests" / "corpus" / "00-tiny"
    return survey(assignment, read_master(assignment), grade, corpus=corpus, **options)


def test_a_mutant_lives_if_no_test_of_its_question_notices_it(course: Path) -> None:
    found = surveyed(course, slots=2)
    alive = {m.key.mutant: m.reason for m in found.mutants if not m.killed_by}
    assert alive == {"return total + 2": "", "return total ** 2": "out of scope: made up"}
    assert [m.key.mutant for m in found.unjustified] == ["return total + 2"]
    assert {m.killed_by for m in found.mutants} >= {"", "test_f_doubles"}


def test_a_reason_whose_mutant_is_killed_is_stale(course: Path) -> None:
    assert [key.mutant for key in surveyed(course).stale] == ["total = 1"]


def test_the_corpus_is_graded_and_each_case_must_lose_what_it_says(course: Path) -> None:
    found = surveyed(course)
    assert [(c.case.name, c.lost, c.points, c.possible, c.as_stated) for c in found.wrong] == [
        ("not_doubled", ("test_f_doubles", "test_f_adds"), 5, 5, True)
    ]
    assert [(c.case.name, c.as_stated) for c in found.right] == [("sum", True)]
    wrong = course / "tests" / "corpus" / "00-tiny" / "wrong" / "not_doubled.py"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("test_f_doubles, ", ""))
    again = surveyed(course)
    assert not again.passed
    assert again.to_dict()["wrong"] == {"total": 1, "mismatched": 1}


def test_more_than_one_in_twenty_without_a_reason_is_too_many(course: Path) -> None:
    found = surveyed(course)
    killed = next(m for m in found.mutants if m.killed_by)
    justified = next(m for m in found.mutants if m.reason)
    (alive,) = found.unjustified
    assert replace(found, mutants=(*[killed] * 19, alive)).passed
    assert not replace(found, mutants=(*[killed] * 18, alive, justified)).passed


def test_json_holds_the_numbers_of_mutants_corpus_and_secrets(course: Path) -> None:
    total = len(surveyed(course).mutants)
    assert surveyed(course).to_dict() == {
        "by_hand": {},
        "mutants": {"total": total, "killed": total - 2, "justified": 1},
        "wrong": {"total": 1, "mismatched": 0},
        "alternatives": {"total": 1, "failed": 0},
        "secrets": {"total": 1, "unsteady": 0},
    }


def test_only_the_reference_and_the_corpus_are_graded_under_further_secrets(course: Path) -> None:
    asked = []

    def noting(job: dict[str, Any], seconds: float) -> dict[str, Any]:
        asked.append((job["stop_at_first_loss"], len(job["more_secrets"])))
        return grade_job(job, seconds)

    found = surveyed(course, noting, secrets=4)
    assert set(asked) == {(True, 0), (False, 0), (False, 3)}
    assert asked.count((False, 0)) == 1, "the reference, for the limits of its mutants"
    assert [len(result.draws) for result in found.works] == [3, 3, 3]
    assert "Graded under 4 secrets: the reference, 1 right and 1 wrong submissions." in markdown(found)


def test_an_error_of_the_tests_own_kills_nothing_and_is_told(course: Path) -> None:
    def erring(job: dict[str, Any], seconds: float) -> dict[str, Any]:
        result = grade_job(job, seconds)
        for test in result["tests"]:
            test["outcome"] = "error" if test["outcome"] == "failed" else test["outcome"]
        return result

    found = surveyed(course, erring)
    assert not any(m.killed_by for m in found.mutants)
    assert all(m.erred for m in found.mutants if m.key.mutant == "total = 1")
    assert not found.wrong[0].as_stated


def test_a_reference_that_loses_a_test_is_refused(course: Path) -> None:
    def failing(job: dict[str, Any], seconds: float) -> dict[str, Any]:
        result = grade_job(job, seconds)
        result["tests"][0]["outcome"] = "failed"
        return result

    with pytest.raises(AssignmentError, match="reference-loses"):
        surveyed(course, failing)


def test_an_unknown_question_is_refused(course: Path) -> None:
    with pytest.raises(AssignmentError, match="question-unknown"):
        surveyed(course, questions=("q9",))


def test_limits_follow_the_cpu_seconds_that_the_reference_used(course: Path) -> None:
    jobs = []

    def slow(job: dict[str, Any], seconds: float) -> dict[str, Any]:
        jobs.append(job)
        result = grade_job(job, seconds)
        for test in result["tests"]:
            test["cpu_seconds"] = 2.0
        return result

    surveyed(course, slow)
    assert {job["limits"]["call_seconds"] for job in jobs if job["stop_at_first_loss"]} == {16.0}
    assert all("public check" not in json.dumps(job["notebook"]) for job in jobs)


@pytest.mark.parametrize(
    "text",
    ["[[survivor]]\nquestion = 1\ncolour = 2\n", 'survivor = "x"', "= 3", "twice", "no reason"],
)
def test_a_malformed_list_of_survivors_is_refused(course: Path, text: str) -> None:
    path = course / "suites" / "00-tiny" / "survivors.toml"
    good = as_toml(Key("q1", "core/NumberReplacer", "x", "y"), "equivalent: it is")
    path.write_text({"twice": good + good, "no reason": as_toml(Key("q1", "a", "b", "c"))}.get(text, text))
    with pytest.raises(AssignmentError, match="survivors-invalid"):
        read_survivors(path.parent)


def test_an_entry_is_read_back_as_the_key_it_was_written_for(tmp_path: Path) -> None:
    keys = [Key("q1", "core/X", "a = \"b\" + 'c' + '\\n'", 'a = "한글"', 2), Key("q2", "core/X", "x", "x\ty")]
    text = "\n".join(as_toml(key, "equivalent: so") for key in keys)
    (tmp_path / "survivors.toml").write_text(text, encoding="utf-8")
    assert read_survivors(tmp_path) == dict.fromkeys(keys, "equivalent: so")
    assert read_survivors(tmp_path / "none") == {}


def test_the_notes_section_is_the_same_for_the_same_results_and_replaces_itself(course: Path) -> None:
    section = markdown(surveyed(course))
    assert section == markdown(surveyed(course))
    assert "| q1 | 두 배로 하지 않는다 | 5 / 5 |" in section
    notes = "# 00\n\n## Mutants\n\nMade by a tool.\n\n## Last\n\nText.\n"
    once = replaced(notes, section)
    assert once.index("Made by") < once.index(BEGIN) < once.index(END) < once.index("## Last")
    assert replaced(once, section) == once
    assert replaced(once, "other") == once.replace(section, "other")
    assert replaced("# 00\n", "table").endswith(f"{BEGIN}\ntable\n{END}\n")


def test_the_terminal_shows_survivors_as_entries_to_fill_in(course: Path) -> None:
    console = Console(file=io.StringIO(), width=120)
    print_survey(console, surveyed(course))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert 'mutant = "return total + 2"' in shown
    assert "두 배로 하지 않는다" in shown


@pytest.mark.soak
def test_the_command_surveys_with_real_judges_and_writes_the_notes(course: Path) -> None:
    notes = course / "suites" / "00-tiny" / "NOTES.md"
    options = ["quality", "00-tiny", "--root", str(course), "--slots", "1", "--seeds", "2", "--json", "--write"]
    result = CliRunner().invoke(main, options)
    expected = surveyed(course, secrets=2)
    assert json.loads(result.stdout) == expected.to_dict()
    assert result.exit_code == (0 if expected.passed else 1)
    assert markdown(expected) in notes.read_text(encoding="utf-8")


def test_the_command_writes_no_notes_of_a_part(course: Path) -> None:
    result = CliRunner().invoke(main, ["quality", "00-tiny", "--root", str(course), "--no-corpus", "--write"])
    assert result.exit_code == 2


def test_the_command_names_the_code_of_an_error(course: Path) -> None:
    result = CliRunner().invoke(main, ["quality", "00-tiny", "--root", str(course), "--corpus", str(course / "none")])
    assert result.exit_code == 5
    assert "[corpus-missing]" in result.stderr


def test_a_missing_corpus_is_refused(course: Path) -> None:
    with pytest.raises(AssignmentError, match="corpus-missing"):
        quality_of("00-tiny", root=course, corpus=course / "nowhere")


@pytest.mark.parametrize("assignment", FINISHED, ids=lambda a: a.id)
def test_reasons_and_notes_speak_of_mutants_there_are(assignment: Any) -> None:
    keys = [mutant.key for mutant in mutants_of(assignment, read_master(assignment))]
    reasons = read_survivors(assignment.suite_dir)
    assert not reasons.keys() - set(keys)
    notes = (assignment.suite_dir / "NOTES.md").read_text(encoding="utf-8")
    section = notes[notes.index(BEGIN) : notes.index(END)]
    for question in (q.id for q in assignment.questions if not q.manual):
        total = sum(1 for key in keys if key.question == question)
        justified = sum(1 for key in reasons if key.question == question)
        row = next(line for line in section.splitlines() if line.startswith(f"| {question} | "))
        assert [int(n) for n in row.split("|")[2:6]] == [total, total - justified, justified, 0], row


@pytest.mark.soak
@pytest.mark.parametrize("assignment", assignments(ROOT)[0], ids=lambda a: a.id)
def test_every_suite_kills_its_mutants_and_grades_its_corpus_as_stated(assignment: Any) -> None:
    found = quality_of(assignment.id, root=ROOT)
    assert found.passed, found.to_dict()
    assert found.stale == ()
