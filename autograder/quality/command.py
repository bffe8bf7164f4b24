"""``autograder quality`` without its words: finds the assignment and its corpus, starts judges, surveys."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.catalog import course_root, load_assignment, read_master
from autograder.errors import AssignmentError
from autograder.grading.records import write_atomically
from autograder.grading.slots import Slots
from autograder.model import Assignment
from autograder.quality.hand import proposed_losses
from autograder.quality.margins import DRAWS, MarginSurvey, measure
from autograder.quality.survey import Survey, survey

__all__ = ["margins_of", "quality_of", "write_proposals"]


def quality_of(
    assignment_id: str,
    *,
    questions: Sequence[str] = (),
    corpus: Path | None = None,
    with_corpus: bool = True,
    secrets: int = 1,
    slots: int | None = None,
    root: Path | None = None,
    show: Callable[[int, int], None] = lambda done, total: None,
) -> Survey:
    """Survey one assignment with judges of our own.

    Args:
        assignment_id: the assignment's id.
        questions: ids of questions; all if empty.
        corpus: the assignment's corpus; ``tests/corpus/ID`` of the course folder if None.
        with_corpus: grade the corpus too.
        secrets: under how many secrets the reference and the corpus are graded.
        slots: judges at work at the same time; as many as usable cores if None.
        root: the course folder.
        show: called with the number of submissions graded, and of all.

    Raises:
        GraderError: see `survey`; also no corpus where one is wanted (``corpus-missing``).
    """
    assignment, cases = _found(assignment_id, root, corpus, with_corpus)
    count = slots or len(os.sched_getaffinity(0))
    with Slots(count) as pool:
        return survey(
            assignment,
            read_master(assignment),
            pool.grade,
            questions=questions,
            corpus=cases,
            secrets=secrets,
            slots=count,
            show=show,
        )


def margins_of(
    assignment_id: str,
    *,
    questions: Sequence[str] = (),
    corpus: Path | None = None,
    with_corpus: bool = True,
    draws: int = DRAWS,
    slots: int | None = None,
    root: Path | None = None,
    show: Callable[[int, int], None] = lambda done, total: None,
) -> MarginSurvey:
    """Measure how near right answers come to losing a test, under `draws` secrets; for the rest see `quality_of`."""
    assignment, cases = _found(assignment_id, root, corpus, with_corpus)
    count = slots or len(os.sched_getaffinity(0))
    options: dict[str, Any] = {"questions": questions, "corpus": cases, "draws": draws, "slots": count, "show": show}
    with Slots(count) as pool:
        return measure(assignment, read_master(assignment), pool.grade, **options)


def write_proposals(found: Survey, corpus: Path | None = None, root: Path | None = None) -> Path | None:
    """Write ``proposed.patch`` into the corpus: what the ``# loses:`` lines would be, each with the reason.

    Returns:
        Its path; None where every work loses what it states, and then no such file is left.
    """
    folder = _found(found.assignment.id, root, corpus, True)[1] or Path()
    path = folder / "proposed.patch"
    parts = []
    for result in found.wrong:
        if set(result.always) != set(result.case.loses):
            file = folder / "wrong" / f"{result.case.name}.py"
            parts.append(proposed_losses(result, file.read_text(encoding="utf-8"), f"wrong/{file.name}"))
    if not parts:
        path.unlink(missing_ok=True)
        return None
    write_atomically(path, "\n".join(parts) + "\n")
    return path


def _found(
    assignment_id: str, root: Path | None, corpus: Path | None, with_corpus: bool
) -> tuple[Assignment, Path | None]:
    """Return the assignment, and its corpus if one is wanted; raises AssignmentError."""
    assignment = load_assignment(assignment_id, root)
    if not with_corpus:
        return assignment, None
    cases = corpus or (root or course_root() or Path()) / "tests" / "corpus" / assignment.id
    if not (cases / "wrong").is_dir():
        raise AssignmentError(
            "corpus-missing",
            f"'{assignment.id}' 과제의 말뭉치를 찾을 수 없습니다. --corpus로 지정하거나 --no-corpus를 쓰세요.",
            detail=str(cases),
        )
    return assignment, cases
