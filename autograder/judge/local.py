"""Run a suite against a notebook or a .py file in this process, while writing the suite. NOT ISOLATED, no timeouts.

    python -m autograder.judge.local ASSIGNMENT_ID NOTEBOOK_OR_PY [-k TEXT] [--seeds N] [--forged N] [-v]

Prints each test's outcome, the message a student would read and, with ``-v``, what staff would see. With ``--seeds N``
the tests run N times, each time with inputs of another secret: ``failed 3/20`` is a test that three of twenty draws
lose, which is near a threshold or needs something that a draw does not always have. With ``--forged N`` each test that
passes is run N times more on answers that no honest sandbox sends; one that raises on them trusts a claim. A .py file
is one cell, or several in percent format (``# %% q1``: the text after the marks is the cell's grade_id). Never run a
student's work with it: grading goes through `autograder grade`.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from autograder.catalog import load_assignment
from autograder.cells import cell_number
from autograder.judge.forged import Rehearsal
from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.outcomes import Scene
from autograder.judge.question import QuestionRun
from autograder.judge.secrets import trial_secret
from autograder.judge.suite import Suite
from autograder.model import CellRun, Outcome, TestOutcome
from autograder.plain import short_lines
from autograder.sandbox import Allowance
from autograder.sinks.echo import say

__all__ = ["main"]

_DEVELOPMENT_SECRET = b"suite development, never a course secret"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return 0 if every test passed or was deferred, else 1."""
    parser = argparse.ArgumentParser(prog="python -m autograder.judge.local", description=__doc__)
    parser.add_argument("assignment")
    parser.add_argument("work", type=Path)
    parser.add_argument("-k", dest="keyword", default="", help="only tests whose name contains this")
    parser.add_argument("--badges", action="store_true", help="run the badge tests too, on the CPU")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="run the tests under N secrets")
    parser.add_argument("--forged", type=int, default=0, metavar="N", help="also run tests on N forged answers")
    parser.add_argument("-v", dest="verbose", action="store_true", help="show what staff would see")
    options = parser.parse_args(argv)

    suite = Suite.collect(load_assignment(options.assignment))
    assignment = suite.assignment
    sandbox = InProcessSandbox()
    runs, grade_ids, numbers = [], {}, {}
    for index, (number, grade_id, source) in enumerate(_cells(options.work)):
        result = sandbox.run_cell(source, index=index, allowance=Allowance(math.inf, math.inf, math.inf))
        grade_ids[index], numbers[index] = grade_id, number
        runs.append(CellRun(index, grade_id, result.status, result.ename, result.line, number=number))
        if result.status != "ok":
            say(
                "cell {number} ({cell}): {status} {ename} line {line}",
                number=number,
                cell=grade_id,
                status=result.status,
                ename=result.ename,
                line=result.line,
            )
    scene = Scene(runs, assignment.questions, grade_ids, numbers=numbers)

    secrets = [_DEVELOPMENT_SECRET, *map(trial_secret, range(1, options.seeds))]
    earned, clean = 0.0, True
    for question in assignment.questions:
        tests = [test for test in suite.tests_of(question.id) if options.keyword in test.name]
        draws: list[list[TestOutcome]] = []
        for secret in secrets:
            with QuestionRun(suite, sandbox, scene, assignment.limits, secret, badges=options.badges) as run:
                draws.append([run.run(test) for test in tests])
        for outcomes in zip(*draws, strict=True):
            passed = all(outcome.outcome is Outcome.PASSED for outcome in outcomes)
            earned += outcomes[0].points if passed else 0
            clean &= passed or all(outcome.outcome is Outcome.DEFERRED for outcome in outcomes)
            _print(outcomes, verbose=options.verbose)
    say("{earned:g} / {possible:g}", earned=earned, possible=assignment.points)
    if options.forged:
        clean &= _forge(Rehearsal(suite, sandbox, _DEVELOPMENT_SECRET), suite, options.keyword, options.forged)
    return 0 if clean else 1


def _forge(honest: Rehearsal, suite: Suite, keyword: str, runs: int) -> bool:
    """Print the tests that raise on forged answers, each with the first of these; return whether there are none."""
    found = 0
    for test in suite.tests:
        if test.badge or keyword not in test.name:
            continue
        try:
            forgeries = (honest.forge(test, seed) for seed in range(runs))
            raised = [each for each in forgeries if each.judgement.outcome is Outcome.ERROR]
        except ValueError:
            continue  # the work does not pass: its answers are no honest ones
        if raised:
            found += 1
            first = raised[0]
            last = first.judgement.detail.strip().splitlines()[-1]
            say(
                "raises   {count}/{runs}  {question} {name} at {place}: {last}",
                count=len(raised),
                runs=runs,
                question=test.question,
                name=test.name,
                place=first.judgement.place,
                last=last,
            )
            say("         {what}", what=first.what)
    say("{found} tests raise on forged answers", found=found)
    return not found


def _print(outcomes: Sequence[TestOutcome], *, verbose: bool) -> None:
    """Print one test's line, with how many of its draws were not like the others, and what is said of the worst."""
    counts = Counter(str(outcome.outcome) for outcome in outcomes)
    counts.pop(Outcome.PASSED, None)
    shown = next((outcome for outcome in outcomes if outcome.outcome in counts), outcomes[0])
    mark = f"{shown.outcome}{' (carried)' if shown.carried else ''}"
    if 0 < counts[shown.outcome] < len(outcomes):
        mark = f"{mark} {counts[shown.outcome]}/{len(outcomes)}"
    took = sum(outcome.seconds for outcome in outcomes) / len(outcomes)
    say(
        "{mark:8} {points:4g}p {took:7.1f} ms  {question} {name}",
        mark=mark,
        points=shown.points,
        took=took * 1e3,
        question=shown.question,
        name=shown.name,
    )
    if shown.message:
        say("         {message}", message=shown.message)
    for line in short_lines(shown.detail) if verbose and shown.detail else ():
        say("         | {line}", line=line)


def _cells(path: Path) -> list[tuple[int, str, str]]:
    """Return (number, grade_id, source) of each code cell."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        return [
            (
                cell_number(cell, index),
                cell["metadata"].get("nbgrader", {}).get("grade_id", ""),
                "".join(cell["source"]),
            )
            for index, cell in enumerate(cells)
            if cell["cell_type"] == "code"
        ]
    parts = re.split(r"^# %%(.*)$", text, flags=re.MULTILINE)
    pairs = [("", parts[0]), *((title.strip(), body) for title, body in zip(parts[1::2], parts[2::2], strict=True))]
    return [(number, title, body) for number, (title, body) in enumerate(pairs, start=1) if body.strip()]


if __name__ == "__main__":
    sys.exit(main())
