"""How the command line tells what is going on: a bar on a terminal, a plain line now and then in a log. Korean.

The last student's name is a student's own: see `autograder.terminal`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from autograder.plain import shown
from autograder.report.words import left_word

if TYPE_CHECKING:
    from autograder.grading.ahead import Ahead
    from autograder.grading.pipeline import Progress as Finished

__all__ = ["Display", "lint_progress", "progress_display"]

_LINE_SECONDS = 30.0
"""Between two lines of progress where there is no terminal: a class of an hour is 120 lines of a log."""


class _LeftColumn(ProgressColumn):
    """How many submissions are left, and for about how long from this moment on."""

    def render(self, task: Task) -> Text:
        """Return nothing while nobody can say."""
        until, left = task.fields["until"], task.fields["left"]
        return Text(_left(left, max(until - time.monotonic(), 0.0)) if until is not None and left else "", "cyan")


def _left(left: int, seconds: float) -> str:
    return f"남은 제출물 {left:d}건, {shown(left_word(seconds))}"


class Display(NamedTuple):
    """What a run tells of its progress.

    Args:
        show: to be called with each result.
        trying: to be called when the suite is tried first.
        ahead: to be called with what is left to grade.
        scored: to be called with what prints the scores, before figures are made.
        drawn: to be called with how many submissions have their figures, and how many are to have them.
    """

    show: Callable[[Finished], None]
    trying: Callable[[], None]
    ahead: Callable[[Ahead], None]
    scored: Callable[[Callable[[], None]], None]
    drawn: Callable[[int, int], None]


@contextmanager
def progress_display(
    console: Console, *, quiet: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[Display]:
    """Show a line with the number graded, what is left and the last student; a plain line now and then in a log."""
    if quiet:
        yield Display(lambda _: None, lambda: None, lambda _: None, lambda tell: tell(), lambda _done, _all: None)
        return
    if not console.is_terminal:
        last_line = clock()

        def tell_ahead(ahead: Ahead) -> None:
            nonlocal last_line
            if clock() - last_line < _LINE_SECONDS:
                return
            last_line = clock()
            of_all = "" if ahead.total is None else f"/{ahead.total:d}"
            rest = "" if ahead.seconds is None or not ahead.left else f", {_left(ahead.left, ahead.seconds)}"
            console.print(f"채점 {ahead.done:d}{of_all}{rest}", highlight=False)

        def tell_drawn(done: int, total: int) -> None:
            nonlocal last_line
            if done in (0, total) or clock() - last_line >= _LINE_SECONDS:
                last_line = clock()
                console.print(f"점수를 모두 냈습니다. 그림 {done:d}/{total:d}", highlight=False)

        yield Display(lambda _: None, lambda: None, tell_ahead, lambda tell: tell(), tell_drawn)
        return
    columns = (SpinnerColumn(), TextColumn("채점"), BarColumn(pulse_style="cyan"), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), _LeftColumn(), TextColumn("{task.fields[last]}"), console=console, transient=True
    ) as bar:
        task = bar.add_task("grade", total=None, last="채점 프로세스를 준비하고 있습니다.", until=None, left=None)

        def advance(finished: Finished) -> None:
            record = finished.record
            score = "—" if record.score is None else f"{record.score:g}"
            bar.update(task, advance=1, last=f"{shown(record.student)} {score}")

        def show_left(ahead: Ahead) -> None:
            until = None if ahead.seconds is None else time.monotonic() + ahead.seconds
            bar.update(task, completed=ahead.done, total=ahead.total, until=until, left=ahead.left)

        def show_scores(tell: Callable[[], None]) -> None:
            bar.stop()
            tell()
            bar.start()

        def show_drawn(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, until=None, last="점수를 모두 냈습니다. 그림을 만듭니다.")

        def try_first() -> None:
            bar.update(task, last="먼저 모범 답안으로 시험지를 확인하고 있습니다.")

        yield Display(advance, try_first, show_left, show_scores, show_drawn)


@contextmanager
def lint_progress(console: Console, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show which assignment is looked at; yields the function to call with its id."""
    if quiet:
        yield lambda _: None
        return
    with console.status("과제를 살펴보고 있습니다.") as status:
        yield lambda assignment_id: status.update(f"{shown(assignment_id)} 과제를 살펴보고 있습니다.")
