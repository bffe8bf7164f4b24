"""Row 11: what a score tells somebody who asks again and again. One bit for each test, whatever the answer was.

How often one may ask is the service's to limit; how much one answer tells is decided here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.judge import Judge
from autograder.model import Limits
from tests.bench import material

from .course import write_course

RIGHT = (1.0, -2.0, 0.5)
"""What `fit` must answer in the small course, to within 0.01."""


@pytest.fixture
def ask(real_judge: Judge, tmp_path: Path) -> Any:
    suite = write_course(tmp_path, "canary")

    def grade(guess: tuple[float, ...]) -> tuple[str, str]:
        notebook = material.submission(tests_inside=False)
        notebook.cells[2].source += f"\nfit = lambda *args: torch.tensor([{list(guess)}])\n"
        job = {
            "assignment": material.ASSIGNMENT,
            "suites": str(suite.parent.parent),
            "notebook": notebook,
            "limits": Limits().to_dict(),
            "seed": 1,
            "secret": b"the same for every try".hex(),
        }
        test = next(t for t in real_judge.grade(job)["tests"] if t["name"] == "test_training")
        return test["outcome"], test["message"]

    return grade


def test_a_wrong_answer_is_told_the_same_however_near_it_is(ask: Any) -> None:
    a, b, c = RIGHT
    near = [ask((a + error, b, c)) for error in (1e6, 1.0, 0.1, -0.1, 0.02)]
    parts = [ask((a, 0.0, 0.0)), ask((0.0, b, c)), ask((0.0, 0.0, 0.0))]
    assert {outcome for outcome, _ in (*near, *parts)} == {"failed"}
    assert len({message for _, message in (*near, *parts)}) == 1
    assert not any(str(abs(number)) in message for _, message in near for number in RIGHT)
    assert ask(RIGHT) == ("passed", "")


def test_the_same_try_gets_the_same_answer_so_that_asking_twice_tells_nothing_new(ask: Any) -> None:
    assert ask((9.0, 9.0, 9.0)) == ask((9.0, 9.0, 9.0))
