"""What only running shows: what the master loses, how near it comes to its limits, what the public checks say.

Two notebooks are run in sandboxes: the instructor's, whole, whose tests are run under many secrets; and the one that
students receive, with nothing in it. Owns the comparison of the results with what an assignment promises.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook
from autograder.findings import Finding
from autograder.grading.reference import reference_notebook
from autograder.grading.runs import GradeJob, Run, job_of
from autograder.grading.trial import try_master
from autograder.judge import SILENCE_SECONDS
from autograder.model import Limits, Question

__all__ = ["run_checks"]

MOST_SHARE = 0.1
"""Of a limit, what the instructor's answers may use: a busy machine makes CPU seconds two to three times as long."""


def run_checks(
    run: Run, executor: Executor, grade_job: GradeJob, *, secrets: Sequence[bytes], parts: int
) -> list[Finding]:
    """Run the instructor's notebook and the students', and return what is wrong with the assignment.

    Args:
        run: the assignment, with the first secret.
        executor: runs `grade_job`.
        grade_job: grades one job.
        secrets: further secrets under which every test is run.
        parts: jobs at the same time.

    Raises:
        AssignmentError: the suite or the master cannot be used at all.
        InfrastructureError, ConfinementError: nothing could be run here.
    """
    questions = [question for question in run.assignment.questions if not question.manual]
    whole = _with_scores(reference_notebook(run.assignment, run.master, whole=True), questions)
    alone = {**job_of(run, whole), "only": []}
    running = executor.submit(grade_job, alone, SILENCE_SECONDS)
    unwritten = executor.submit(grade_job, {**job_of(run, _blank(run, questions)), "only": []}, SILENCE_SECONDS)
    found, results = try_master(run, executor, grade_job, secrets=secrets, parts=parts)
    result, blank = running.result(), unwritten.result()

    found += _stopped(result, run)
    found += _near(run, [result, *results], lambda: grade_job({**alone, "only": None}, SILENCE_SECONDS))
    found += [
        _check_finding("check-rejects", question, "모범 답안이 공개 점검을 모두 통과하지 못합니다.", score)
        for question, score in zip(questions, _scores(result, questions), strict=True)
        if score is None or score[0] < score[1]
    ]
    found += [
        _check_finding("check-accepts", question, "아무것도 쓰지 않은 노트북이 공개 점검에서 점수를 얻습니다.", score)
        for question, score in zip(questions, _scores(blank, questions), strict=True)
        if score is not None and score[0] > 0
    ]
    return found


def _blank(run: Run, questions: Sequence[Question]) -> dict[str, Any]:
    """Return what students receive, without experiments; nothing is graded in it."""
    edits = [Edit("drop", EXPERIMENTS), *(Edit("blank", question.solution_cell) for question in questions)]
    return _with_scores(build_notebook(Case("template", "", "", (), "", tuple(edits)), run.master), questions)


def _with_scores(notebook: dict[str, Any], questions: Sequence[Question]) -> dict[str, Any]:
    """Return the notebook with check cells that end with what they earn and what is possible."""
    checks = {question.check_cell: question.id for question in questions}
    cells = []
    for cell in notebook["cells"]:
        label = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        if label in checks:
            source = f"_score = __import__('course').check({checks[label]!r})\n(float(_score), float(_score.possible))"
            cell = {**cell, "source": source}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _scores(result: Mapping[str, Any], questions: Sequence[Question]) -> list[tuple[float, float] | None]:
    """Return what each question's check cell earned and could earn; None where it says nothing."""
    said = {}
    for cell in result["executed"]["cells"]:
        label = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        texts = [o["data"].get("text/plain", "") for o in cell.get("outputs", []) if "data" in o]
        said[label] = "".join(texts[-1]) if texts else ""
    return [_pair(said.get(question.check_cell, "")) for question in questions]


def _pair(text: str) -> tuple[float, float] | None:
    try:
        earned, possible = ast.literal_eval(text)
        return float(earned), float(possible)
    except (ValueError, SyntaxError, TypeError):
        return None


def _check_finding(code: str, question: Question, sentence: str, score: tuple[float, float] | None) -> Finding:
    said = "the check cell printed no score" if score is None else f"{score[0]:g} of {score[1]:g} points"
    return Finding(code, f"{question.id}: {sentence}", f"checks/{question.id}.py", 0, said)


def _stopped(result: Mapping[str, Any], run: Run) -> list[Finding]:
    """Return the master's cells that did not run to their end."""
    return [
        Finding(
            "master-stops",
            f"원본 노트북의 {cell['number']}번째 셀이 끝까지 실행되지 않습니다.",
            run.assignment.notebook,
            0,
            f"{cell['grade_id']} {cell['status']} {cell['ename']} line {cell['line']}",
        )
        for cell in result["cells"]
        if cell["status"] != "ok"
    ]


def _near(run: Run, results: Sequence[Mapping[str, Any]], again: Callable[[], Mapping[str, Any]]) -> list[Finding]:
    """Return the limits of which the master uses more than a tenth, seen twice: what runs beside it adds to it."""
    limits = run.assignment.limits
    answers = {question.solution_cell for question in run.assignment.questions}
    used = _uses(results, limits, answers)
    if any(share > MOST_SHARE for share, _ in used.values()):
        alone = _uses([again()], limits, answers)
        used = {name: min(use, alone[name]) for name, use in used.items()}
    return [
        Finding(
            "limit-near",
            f"모범 답안이 {name} 제한의 {MOST_SHARE:.0%} 넘게 씁니다. 바쁜 장비에서도 옳은 답이 멈추지 않도록 "
            "제한을 늘리거나 계산을 줄이세요.",
            "assignment.toml",
            0,
            detail,
        )
        for name, (share, detail) in used.items()
        if share > MOST_SHARE
    ]


def _uses(results: Sequence[Mapping[str, Any]], limits: Limits, answers: set[str]) -> dict[str, tuple[float, str]]:
    """Return the share of each limit that was used at most, and where."""
    found: dict[str, tuple[float, str]] = {}

    def use(name: str, used: float, limit: float, where: str) -> None:
        found[name] = max(found.get(name, (0.0, "")), (used / limit, f"{where}: {used:.2f} of {limit:g}"))

    for result in results:
        sums = {"answers_seconds": 0.0, "notebook_seconds": 0.0}
        for cell in result["cells"]:
            use("cell_seconds", cell["cpu_seconds"], limits.cell_seconds, f"cell {cell['number']}")
            sums["answers_seconds" if cell["grade_id"] in answers else "notebook_seconds"] += cell["cpu_seconds"]
        use("answers_seconds", sums["answers_seconds"], limits.answers_seconds, "all answers")
        use("notebook_seconds", sums["notebook_seconds"], limits.notebook_seconds, "all other cells")
        for question, calls in result["calls"].items():
            use("call_seconds", calls["call_cpu"], limits.call_seconds, question)
            use("question_seconds", calls["cpu"], limits.question_seconds, question)
            stand_ins = calls.get("stand_ins_cpu", 0.0)
            use("question_seconds", stand_ins, limits.question_seconds, f"stand-ins of {question}")
            use("asleep_seconds", calls["call_asleep"], limits.asleep_seconds, question)
        use("memory_mb", result["usage"]["peak_rss_mb"], limits.memory_mb, "notebook")
    return found
