"""What a run says is left of it, and how the command line shows that."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from rich.console import Console

from autograder.grading.ahead import Ahead
from autograder.grading.pipeline import Progress
from autograder.model import Submission
from autograder.progress import progress_display
from autograder.report.words import left_word
from tests.report import records as sample


def _work(number: int) -> Submission:
    return Submission(f"s{number}", "01", str(number), None, source="x")


def _finished(number: int, *, cached: bool = False, seconds: float = 1.0) -> Progress:
    return Progress(sample.record(f"s{number}", digest=str(number), seconds=seconds), cached)


def _wait(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_what_an_earlier_run_graded_is_not_left_and_a_badge_counts_once() -> None:
    ahead = Ahead(lambda: map(_work, range(10)), lambda: [(f"s{n}", str(n)) for n in range(6)], 2)
    _wait(lambda: ahead.total is not None)
    assert (ahead.total, ahead.left, ahead.done) == (10, 4, 0)

    for number in range(6):
        ahead.take(_finished(number, cached=True))
    assert (ahead.left, ahead.seconds) == (4, None), "cached ones say nothing about the pace"

    for number in (6, 7, 7):
        ahead.take(_finished(number))
    ahead.close()
    assert (ahead.left, ahead.done) == (2, 8)
    assert ahead.seconds is not None


def test_a_source_that_cannot_be_counted_leaves_the_run_alone() -> None:
    def broken() -> Iterator[Submission]:
        yield _work(0)
        raise ValueError

    ahead = Ahead(broken, list, 1)
    for number in range(4):
        ahead.take(_finished(number))
    ahead.close()
    assert (ahead.total, ahead.left, ahead.seconds) == (None, None, None)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "곧 끝남"),
        (41, "약 50초 남음"),
        (55, "약 1분 남음"),
        (88, "약 1분 30초 남음"),
        (185, "약 3분 남음"),
        (1500, "약 25분 남음"),
        (3600, "약 1시간 남음"),
        (4900, "약 1시간 20분 남음"),
    ],
)
def test_the_time_left_is_told_as_coarsely_as_it_is_known(seconds: float, words: str) -> None:
    assert left_word(seconds) == words


@dataclass
class _Left:
    done: int
    total: int | None
    left: int | None
    seconds: float | None


def test_a_log_gets_a_line_now_and_then() -> None:
    now = 0.0
    console = Console(file=io.StringIO(), width=120)
    with progress_display(console, quiet=False, clock=lambda: now) as (show, _, tell, *_):
        for number in range(200):
            now += 1.0
            show(_finished(number))
            tell(_Left(number + 1, 200, 199 - number, float(199 - number)))  # type: ignore[arg-type]
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 6
    assert lines[0] == "채점 30/200, 남은 제출물 170건, 약 3분 남음"


def test_a_terminal_shows_what_is_left_while_it_runs() -> None:
    console = Console(file=io.StringIO(), width=160, force_terminal=True)
    with progress_display(console, quiet=False) as (show, _, tell, *_):
        show(_finished(0))
        tell(_Left(12, 40, 28, 181.0))  # type: ignore[arg-type]
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "남은 제출물 28건, 약 3분 남음" in text
    assert "12/40" in text
