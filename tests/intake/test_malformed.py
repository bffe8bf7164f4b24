"""Every case of the malformed corpus gets exactly the verdicts it states, and the clean notebook beside it gets none.

A case is a folder with ``expect.toml``: ``about``; what to read, either ``input/`` beside it or ``make``, a recipe's
name; optionally ``source``, the path to read below ``input/``; and ``[[submissions]]`` expected, each with ``student``,
``codes`` of intake, ``fatal``, ``received_at``, ``assembled`` codes, and ``kept``, the answers that must arrive in the
assembled notebook (all of them if not given). ``whole_source_lost``: the clean notebook cannot be saved either.
``slow``: the case takes long and is read once only.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.intake import TABLE, assemble, read_source
from autograder.model import Submission

from .recipes import GOOD, RECIPES
from .sample import ANSWERS, ASSIGNMENT, MASTER, SECRET, labelled

CORPUS = Path(__file__).parent.parent / "corpus" / "malformed"
EXPECT = {p.parent: tomllib.loads(p.read_text(encoding="utf-8")) for p in sorted(CORPUS.glob("*/expect.toml"))}


def _read(case: Path, tmp_path: Path) -> list[Submission]:
    folder, expect = tmp_path / "input", EXPECT[case]
    if "make" in expect:
        folder.mkdir()
        source = RECIPES[expect["make"]](folder)
    else:
        shutil.copytree(case / "input", folder)
        source = folder / expect.get("source", "")
    if source.is_dir():
        (source / "clean.ipynb").write_bytes(GOOD)
    return list(read_source(source, ASSIGNMENT))


def _codes(verdicts: Any) -> list[str]:
    return sorted({v.code for v in verdicts})


def _check_assembled(submission: Submission, codes: list[str], kept: list[str]) -> None:
    assembled = assemble(submission, ASSIGNMENT, MASTER)
    nbformat.validate(nbformat.from_dict(assembled.notebook))
    assert _codes(assembled.verdicts) == sorted(codes)
    for label in ANSWERS:
        expected = ANSWERS[label] if label in kept else None
        actual = labelled(assembled.notebook, label)["source"]
        assert (actual == ANSWERS[label]) == (expected is not None), f"{label}: {actual!r}"
    assert SECRET not in str(assembled.notebook)


@pytest.mark.parametrize("case", EXPECT, ids=lambda case: case.name)
def test_a_malformed_submission_gets_its_verdict_and_stops_nobody(case: Path, tmp_path: Path) -> None:
    expect = EXPECT[case]
    found = {s.student: s for s in _read(case, tmp_path) if s.student != "clean"}
    stated = {s["student"]: s for s in expect.get("submissions", [])}
    assert sorted(found) == sorted(stated)
    for student, want in stated.items():
        submission = found[student]
        assert _codes(submission.verdicts) == sorted(want.get("codes", []))
        assert (submission.fatal is not None) == want.get("fatal", False)
        assert submission.received_at == want.get("received_at", submission.received_at)
        if not want.get("fatal", False):
            _check_assembled(submission, want.get("assembled", []), want.get("kept", list(ANSWERS)))


@pytest.mark.parametrize(
    "case",
    [c for c, e in EXPECT.items() if not (e.get("whole_source_lost") or e.get("slow"))],
    ids=lambda case: case.name,
)
def test_the_clean_notebook_beside_a_malformed_one_is_untouched(case: Path, tmp_path: Path) -> None:
    clean = [s for s in _read(case, tmp_path) if s.student == "clean"]
    assert [s.verdicts for s in clean] == [()]
    _check_assembled(clean[0], [], list(ANSWERS))


_TESTED_ELSEWHERE = {
    *("student-unknown", "file-unreadable", "source-too-many", "intake-error"),  # test_source
    *("student-unclear", "attempt-older", "zip-too-large", "zip-too-many", "zip-nested"),  # test_archives
    *("notebook-written", "answers-in-several"),  # test_choice
    *("assignment-mismatch", "no-answers", "answers-unclear", "question-changed"),  # test_assemble, test_foreign
    *("name-looks-alike", "content-equal"),  # test_notices, of staff alone
    *("template-untouched", "code-unanswered", "locked-cell-added", "locked-cells-restored"),  # the frames
}


def test_the_corpus_names_every_verdict_there_is() -> None:
    stated = [s for e in EXPECT.values() for s in e["submissions"]]
    seen = {code for s in stated for code in (*s.get("codes", []), *s.get("assembled", []))}
    assert seen <= set(TABLE)
    assert set(TABLE) - seen == _TESTED_ELSEWHERE


def test_every_recipe_is_used_by_a_case() -> None:
    assert set(RECIPES) == {e["make"] for e in EXPECT.values() if "make" in e}


def test_a_link_is_not_followed_even_to_a_good_notebook(tmp_path: Path) -> None:
    source = RECIPES["symlink-to-a-notebook"](tmp_path)
    assert (source / "alice.ipynb").resolve().read_bytes() == GOOD
    assert [s.notebook for s in read_source(source, ASSIGNMENT)] == [None]
