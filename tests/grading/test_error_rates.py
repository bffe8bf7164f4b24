"""The stated error rates hold: the instructor's answers lose nothing under many secrets and many notebook seeds.

Every notebook seed is tried with twenty secrets of its own. The seed decides what an answer draws from the global
random states, the secret what it draws from a generator that a test hands over: so each draw is another one, whichever
of the two a test depends on. It runs in this process: the answers are the course's own, and branches would take hours.
``ERROR_RATE_SEEDS`` sets the number of notebook seeds, ``ERROR_RATE_FIRST`` the first one, to go on where a run ended.
"""

from __future__ import annotations

import math
import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from autograder.corpus import Case
from autograder.grading.secrets import trial_secret
from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.outcomes import Scene
from autograder.judge.question import QuestionRun
from autograder.judge.suite import HiddenTest, Suite
from autograder.model import Limits, Outcome, TestOutcome
from autograder.sandbox import Allowance
from tests.grading.works import IDS, assignment_of, job_for

SEEDS = int(os.environ.get("ERROR_RATE_SEEDS", "1000"))
FIRST = int(os.environ.get("ERROR_RATE_FIRST", "0"))
SECRETS = 20
CHEAP_SECONDS = 0.05
"""CPU seconds that a test may take to be tried so often: about 20 ms on an idle machine, more on a busy one."""


@pytest.mark.soak
@pytest.mark.parametrize("assignment_id", IDS)
def test_right_answers_lose_no_cheap_test_in_20_000_draws(assignment_id: str) -> None:
    suite = Suite.collect(assignment_of(assignment_id))
    marked = [test for test in suite.tests if test.error_rate]
    if not marked:
        pytest.skip("no test of a random answer")
    sandbox = solved(assignment_id)
    took: dict[str, float] = {}
    for test in (test for _ in range(3) for test in marked):
        before = time.process_time()
        list(drawn(suite, sandbox, [test], seed=0, secrets=1))
        took[test.name] = min(time.process_time() - before, took.get(test.name, math.inf))
    cheap = [test for test in marked if took[test.name] < CHEAP_SECONDS]

    passed, lost = Counter[str](), []
    for number, seed in enumerate(range(FIRST, FIRST + SEEDS), start=1):
        for outcome in drawn(suite, sandbox, cheap, seed):
            passed[outcome.name] += outcome.outcome is Outcome.PASSED
            lost += [(seed, outcome.name, outcome.detail)] if outcome.outcome is not Outcome.PASSED else []
        if number % 50 == 0 or number == SEEDS:
            expected = number * SECRETS * sum(test.error_rate for test in cheap)
            told = f"{number} seeds from {FIRST}, {SECRETS} secrets each, {len(cheap)} of {len(marked)} tests"
            print(f"{assignment_id}: {told}: {len(lost)} lost, {expected:.2g} expected", flush=True)

    assert passed.keys() == {test.name for test in cheap}
    assert len(lost) <= (1 if expected > 1e-3 else 0), lost


def solved(assignment_id: str) -> InProcessSandbox:
    """The instructor's notebook, run in this process without checks and experiments."""
    sandbox = InProcessSandbox()
    checks = {question.check_cell for question in assignment_of(assignment_id).questions}
    for index, cell in enumerate(job_for(assignment_id, Case("reference", "", "", (), "", ()))["notebook"]["cells"]):
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "code" and grade_id not in checks:
            source = "".join(cell["source"])
            result = sandbox.run_cell(source, index=index, allowance=Allowance(math.inf, math.inf, math.inf))
            assert result.status == "ok", (grade_id, result)
    return sandbox


def drawn(
    suite: Suite, sandbox: InProcessSandbox, tests: list[HiddenTest], seed: int, secrets: int = SECRETS
) -> Iterator[TestOutcome]:
    """Outcomes of these tests under this notebook seed and its secrets."""
    patient = Limits(call_seconds=600.0, question_seconds=6000.0)
    for number in range(secrets):
        secret = trial_secret(seed * SECRETS + number)
        with QuestionRun(suite, sandbox, Scene([], suite.assignment.questions, {}), patient, secret, seed) as run:
            yield from map(run.run, tests)
