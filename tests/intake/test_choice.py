"""Of several notebooks of one student the written one is graded; what nobody can tell is for a person."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.intake import read_source
from autograder.intake.choice import Found, answered, choose
from autograder.model import Assignment, Submission

from .sample import ANSWERS, ASSIGNMENT, MASTER, NAME, NOTEBOOK, as_bytes, submitted


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    master = tmp_path / "solutions" / NAME / NOTEBOOK
    master.parent.mkdir(parents=True)
    master.write_text(json.dumps(MASTER), encoding="utf-8")
    return replace(ASSIGNMENT, master=master)


ONE, BOTH, NONE = frozenset({"f"}), frozenset({"f", "g"}), frozenset[str]()


@pytest.mark.parametrize(
    ("notebooks", "place", "code"),
    [
        ([(NOTEBOOK, NONE)], 0, ""),
        ([("other", NONE)], 0, ""),
        ([(NOTEBOOK, NONE), ("copy", NONE)], 0, "notebook-extra"),
        ([("a", NONE), ("b", NONE)], None, "notebook-ambiguous"),
        ([(NOTEBOOK, NONE), ("copy", ONE)], 1, "notebook-written"),
        ([("copy", NONE), (NOTEBOOK, ONE)], 1, "notebook-extra"),
        ([("a", NONE), ("b", ONE)], 1, "notebook-written"),
        ([(NOTEBOOK, BOTH), ("old", ONE)], 0, "notebook-extra"),
        ([(NOTEBOOK, ONE), ("old", ONE)], 0, "notebook-extra"),
        ([(NOTEBOOK, ONE), ("rest", frozenset({"g"}))], None, "answers-in-several"),
        ([(NOTEBOOK, ONE), ("newer", BOTH)], None, "answers-in-several"),
        ([("a", ONE), ("b", BOTH)], None, "notebook-ambiguous"),
        ([(NOTEBOOK, ONE), (NOTEBOOK, ONE)], None, "notebook-ambiguous"),
    ],
)
def test_contents_decide_before_names(notebooks: list[Any], place: int | None, code: str) -> None:
    found = [Found(name, answers, str(rank)) for rank, (name, answers) in enumerate(notebooks)]

    choice = choose(found, NOTEBOOK)

    assert (choice.place, choice.code) == (place, code)


def test_two_files_of_one_content_are_one_answer() -> None:
    assert choose([Found("a", ONE, "1"), Found("b", ONE, "1")], NOTEBOOK).place == 0


def test_what_a_notebook_answers_is_its_functions_and_its_words(assignment: Assignment) -> None:
    def read(answers: dict[str, str]) -> frozenset[str]:
        return answered(submitted(answers), assignment)

    assert read(ANSWERS) == {"act_and_grad", "forward", "reflection"}
    assert read({"q2": ANSWERS["q2"]}) == {"forward"}
    assert read({}) == answered(None, assignment) == answered(submitted(ANSWERS), ASSIGNMENT) == frozenset()


def _read(folder: Path, assignment: Assignment) -> list[tuple[str, list[str], bool]]:
    def kept(submission: Submission) -> bool:
        return submission.notebook is not None and "math.tanh" in json.dumps(submission.notebook)

    return [(s.student, [v.code for v in s.verdicts], kept(s)) for s in read_source(folder, assignment)]


@pytest.mark.parametrize(
    ("files", "codes", "kept"),
    [
        ({NOTEBOOK: {}, "01-vanishing-gradients-Copy1.ipynb": ANSWERS}, ["notebook-written"], True),
        ({NOTEBOOK: ANSWERS, "Untitled.ipynb": {}}, ["notebook-extra"], True),
        ({NOTEBOOK: {"q1": ANSWERS["q1"]}, "q2.ipynb": {"q2": ANSWERS["q2"]}}, ["answers-in-several"], False),
    ],
)
def test_the_written_notebook_in_a_students_folder_is_read(
    tmp_path: Path, assignment: Assignment, files: dict[str, dict[str, str]], codes: list[str], kept: bool
) -> None:
    folder = tmp_path / "submitted" / "alice" / NAME
    folder.mkdir(parents=True)
    for name, answers in files.items():
        (folder / name).write_bytes(as_bytes(submitted(answers)))

    assert _read(tmp_path / "submitted", assignment) == [("alice", codes, kept)]


def test_of_two_files_named_after_a_student_the_written_one_is_read(tmp_path: Path, assignment: Assignment) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "20231234_김민수.ipynb").write_bytes(as_bytes(submitted({})))
    (inbox / "20231234_김민수 (1).ipynb").write_bytes(as_bytes(submitted()))

    assert _read(inbox, assignment) == [("20231234", ["notebook-written"], True)]
