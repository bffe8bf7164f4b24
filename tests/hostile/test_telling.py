"""Rows 10, 11 and 80: what a student's code learns in a question does not reach the page that the student reads.

The code of each case learns a few bits of a hidden input and says them in one way: by what it raises and where, by
which wrong value it answers, by how long it takes, by memory, by output. It is graded under two course secrets, so that
the bits differ and the notebook does not; the two pages must be the same to the last byte. A real suite, judge and
sandbox.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from autograder.corpus import Case, Edit
from autograder.grading.scoring import score_questions, total
from autograder.judge import Judge
from autograder.model import CellRun, GradeRecord, RecordState, TestOutcome, Verdict
from autograder.report import feedback_html
from tests.grading.works import assignment_of, job_for

ASSIGNMENT, QUESTION = "02-weight-init", "q7"
SECRETS = tuple(bytes([number]) * 32 for number in (1, 2))
BITS = """
SAID = []

def bits(Ws):
    return int(abs(float(Ws[0].sum())) * 1e6) % 8

"""
WAYS = {
    "class of an exception": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            KINDS = (ValueError, KeyError, TypeError, IndexError, RuntimeError, ZeroDivisionError, OSError)
            raise KINDS[bits(Ws) % 7](bits(Ws))
    """,
    "line of an exception": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            n = bits(Ws)
            if n == 0: 1 / 0
            if n == 1: 1 / 0
            if n == 2: 1 / 0
            if n == 3: 1 / 0
            if n == 4: 1 / 0
            if n == 5: 1 / 0
            1 / 0
    """,
    "cell of an exception": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            exec(compile("1 / 0", f"<cell {bits(Ws)}>", "exec"), {})
    """,
    "text, notes and cause of an exception": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            try:
                raise KeyError(bits(Ws))
            except KeyError as cause:
                error = NameError(f"name 'n{bits(Ws)}' is not defined", name=f"n{bits(Ws)}")
                error.add_note(str(bits(Ws)))
                raise error from cause
    """,
    "which wrong number": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            return [(1000 + bits(Ws)) * W for W in Ws]
    """,
    "which wrong shape": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            return [torch.zeros(*[2 + bits(Ws)] * 3) for W in Ws]
    """,
    "which kind that is no number": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            return [({}, "0", b"0", [], set(), (), {1: 2}, "text")[bits(Ws)] for W in Ws]
    """,
    "time": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            import time
            time.sleep(0.02 * bits(Ws))
            end = time.process_time() + 0.01 * bits(Ws)
            while time.process_time() < end:
                pass
            return [1000 * W for W in Ws]
    """,
    "memory": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            SAID.append(bytearray(8_000_000 * bits(Ws)))
            return [1000 * W for W in Ws]
    """,
    "output": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            import os, sys, warnings
            from IPython.display import display
            print(bits(Ws))
            print(bits(Ws), file=sys.stderr)
            os.write(1, b"x" * bits(Ws))
            warnings.warn(str(bits(Ws)))
            display(bits(Ws))
            with open("said.txt", "a") as file:
                file.write(str(bits(Ws)))
            return [1000 * W for W in Ws]
    """,
    "an answer that is right": """
        def lsuv(Ws, x, act, tol=0.01, max_steps=10):
            print(bits(Ws))
            SAID.append(bits(Ws))
            fitted = []
            for W in Ws:
                for _ in range(max_steps):
                    v = PHI[act](x @ W.T).var()
                    if abs(v - 1) <= tol:
                        break
                    W = W / v.sqrt()
                fitted.append(W)
                x = PHI[act](x @ W.T)
            return fitted
    """,
}

Ask = Callable[..., GradeRecord]


def source_of(way: str) -> str:
    """The answer cell of a case."""
    lines = way.strip("\n").splitlines()
    return BITS + "\n".join(line.removeprefix("        ") for line in lines)


@pytest.fixture
def ask(real_judge: Judge) -> Ask:
    """Grade an answer under a secret, with all that the judge says of it."""

    def grade(answer: str, secret: bytes) -> GradeRecord:
        case = Case("telling", "", QUESTION, (), "", (Edit("replace", QUESTION, answer),))
        job = {**job_for(ASSIGNMENT, case, only=[QUESTION]), "secret": secret.hex()}
        return record_of(real_judge.grade(job))

    return grade


def record_of(result: dict[str, Any]) -> GradeRecord:
    """The record of a result; the time of grading is a person's to see, and the same for all."""
    assignment = assignment_of(ASSIGNMENT)
    tests = tuple(TestOutcome.from_dict(test) for test in result["tests"])
    questions = score_questions(assignment, tests)
    return GradeRecord(
        student="kim",
        assignment=ASSIGNMENT,
        digest="digest",
        suite_hash="suite",
        grader_version="grader",
        state=RecordState.GRADED,
        score=total(questions),
        possible=assignment.points,
        questions=questions,
        tests=tests,
        cells=tuple(CellRun.from_dict(cell) for cell in result["cells"]),
        verdicts=tuple(Verdict.from_dict(verdict) for verdict in result["verdicts"]),
        executed=copy.deepcopy(result["executed"]),
        source="kim.ipynb",
        received_at="2026-03-02T09:00:00+09:00",
        graded_at="2026-03-02T09:01:00+09:00",
        seconds=result["usage"]["wall_seconds"],
        environment={**result["environment"], "usage": result["usage"]},
        seeds={"secret": "id", "notebook": 1},
    )


def page_of(record: GradeRecord) -> str:
    """What the student reads."""
    return feedback_html(record, assignment_of(ASSIGNMENT))


@pytest.mark.parametrize("way", WAYS)
def test_two_runs_that_learned_different_bits_read_the_same(ask: Ask, way: str) -> None:
    one, other = (ask(source_of(WAYS[way]), secret) for secret in SECRETS)

    assert [test.outcome for test in one.tests] == [test.outcome for test in other.tests]
    assert [test.message for test in one.tests] == [test.message for test in other.tests]
    assert page_of(one) == page_of(other)
    told = [(test.title, test.message) for test in one.tests]
    assert len(set(told)) == len(told)


def test_the_bits_were_there_to_be_told(ask: Ask) -> None:
    """Else equal pages would say nothing; staff see them in the detail."""
    answer = source_of(WAYS["which wrong number"])

    said = [[re.findall(r"100\d", test.detail) for test in ask(answer, secret).tests] for secret in SECRETS]

    assert said[0] != said[1]
    assert all(sum(map(bool, found)) >= 4 for found in said), "in all but what asks for inputs left alone"


def test_a_page_that_holds_what_was_used_would_differ(ask: Ask) -> None:
    """See the comparison fail: seconds, memory and details differ, and are in no page."""
    one, other = (ask(source_of(WAYS["time"]), secret) for secret in SECRETS)
    assert [test.cpu_seconds for test in one.tests] != [test.cpu_seconds for test in other.tests]
    assert one.environment["usage"] != other.environment["usage"]

    spoilt = tuple(replace(test, message=test.detail) for test in other.tests)

    assert page_of(one) != page_of(replace(other, tests=spoilt))
