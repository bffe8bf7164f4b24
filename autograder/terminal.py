"""What the command line prints: progress, tables and one record in full. Korean, for staff.

What is printed may hold what student code said: a name, a message, a detail. All of it goes through
`autograder.plain.shown`, so that it can neither colour nor move nor hide what else stands there.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.padding import Padding
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
from rich.table import Table
from rich.text import Text

from autograder.cells import cell_place, numbered
from autograder.course_file import DEFAULT_TIMEZONE, table_time
from autograder.grading.fault import ours, without_grade
from autograder.grading.whose import UNKNOWN
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.model import GradeRecord, Outcome, RecordState, Verdict
from autograder.plain import shown, shown_prose, visible
from autograder.report.unbegun import told
from autograder.report.words import expectation, left_word, reasons_of, time_word

if TYPE_CHECKING:
    from autograder.grading.ahead import Ahead
    from autograder.grading.notices import Notice
    from autograder.grading.pipeline import Progress as Finished
    from autograder.grading.trial import Trial
    from autograder.grading.whose import OpenName
    from autograder.lint.command import Linted
    from autograder.sandbox import MachineReport
    from autograder.session import Summary

__all__ = [
    "lint_progress",
    "print_linted",
    "print_machine",
    "print_open_names",
    "print_record",
    "print_summary",
    "print_verdicts",
    "progress_display",
    "reproduce_command",
    "trial_word",
]

_MOST_LINES = 30
"""Lines shown of one detail; a traceback from the judge down to the student's line is shorter."""

_LINE_SECONDS = 30.0
"""Between two lines of progress where there is no terminal: a class of an hour is 120 lines of a log."""

OUTCOME_WORDS = {
    Outcome.PASSED: "[green]통과[/]",
    Outcome.FAILED: "[red]불통과[/]",
    Outcome.BLOCKED: "[yellow]실행 못함[/]",
    Outcome.DEFERRED: "[cyan]GPU 대기[/]",
    Outcome.ERROR: "[magenta]조교 확인[/]",
}


class _LeftColumn(ProgressColumn):
    """How many submissions are left, and for about how long from this moment on."""

    def render(self, task: Task) -> Text:
        """Return nothing while nobody can say."""
        until, left = task.fields["until"], task.fields["left"]
        return Text(_left(left, max(until - time.monotonic(), 0.0)) if until is not None and left else "", "cyan")


def _left(left: int, seconds: float) -> str:
    return f"남은 제출물 {left}건, {left_word(seconds)}"


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

        def tell(ahead: Ahead) -> None:
            nonlocal last_line
            if clock() - last_line < _LINE_SECONDS:
                return
            last_line = clock()
            total = "" if ahead.total is None else f"/{ahead.total}"
            rest = "" if ahead.seconds is None or not ahead.left else f", {_left(ahead.left, ahead.seconds)}"
            console.print(f"채점 {ahead.done}{total}{rest}", highlight=False)

        def tell_drawn(done: int, total: int) -> None:
            nonlocal last_line
            if done in (0, total) or clock() - last_line >= _LINE_SECONDS:
                last_line = clock()
                console.print(f"점수를 모두 냈습니다. 그림 {done}/{total}", highlight=False)

        yield Display(lambda _: None, lambda: None, tell, lambda tell: tell(), tell_drawn)
        return
    columns = (SpinnerColumn(), TextColumn("채점"), BarColumn(pulse_style="cyan"), MofNCompleteColumn())
    with Progress(
        *columns, TimeElapsedColumn(), _LeftColumn(), TextColumn("{task.fields[last]}"), console=console, transient=True
    ) as bar:
        task = bar.add_task("grade", total=None, last="채점 프로세스를 준비하고 있습니다.", until=None, left=None)

        def advance(finished: Finished) -> None:
            record = finished.record
            bar.update(task, advance=1, last=f"{shown(record.student)} {_points(record.score)}")

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


def trial_word(trial: Trial | None) -> str:
    """Return, for a table, what is known of a suite: that its master earns everything, that it does not, or nothing."""
    if trial is None:
        return "[dim]아직 확인하지 않음[/]"
    return f"[green]확인됨[/] {trial.tried_at[:10]}" if trial.passed else "[red]틀림[/]"


@contextmanager
def lint_progress(console: Console, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show which assignment is looked at; yields the function to call with its id."""
    if quiet:
        yield lambda _: None
        return
    with console.status("과제를 살펴보고 있습니다.") as status:
        yield lambda assignment_id: status.update(f"{shown(assignment_id)} 과제를 살펴보고 있습니다.")


def print_linted(console: Console, linted: Sequence[Linted]) -> None:
    """Print what was found in each assignment, each mistake with its place, code and detail."""
    for one in linted:
        ran = f"숨은 입력 {one.secrets}벌" if one.secrets else "실행하지 않음"
        state = f"[red]틀린 곳 {len(one.findings)}군데[/]" if one.findings else "[green]틀린 곳 없음[/]"
        console.print(f"{shown(one.assignment)}: {state} ({ran}, {one.seconds:.1f}초)")
        for finding in one.findings:
            console.print(f"  {shown_prose(finding.sentence)} [dim]{shown(f'[{finding.code}]')}[/]")
            if finding.detail:
                console.print(Padding(f"[dim]{shown(finding.detail[:2000])}[/]", (0, 0, 0, 4)))


def print_summary(console: Console, summary: Summary) -> None:
    """Print the class as a table, who needs a person and why, and where the files are."""
    questions = [q for q in summary.assignment.questions if not q.manual]
    table = Table(title=f"{summary.assignment.id} · {summary.assignment.title}", title_justify="left")
    table.add_column("학생")
    table.add_column("점수", justify="right")
    for question in questions:
        table.add_column(question.id, justify="right")
    table.add_column("알림")
    for record in sorted(summary.records, key=lambda r: r.student):
        scores = {q.question: q.earned for q in record.questions}
        notes = list(record.reasons) or [v.code for v in record.verdicts]
        table.add_row(
            shown(record.student),
            f"{_points(record.score)}/{record.possible:g}",
            *(_points(scores.get(q.id)) for q in questions),
            shown(", ".join(dict.fromkeys(notes))[:60]),
        )
    console.print(table)
    needing = [r for r in summary.records if r.state is RecordState.NEEDS_STAFF]
    fresh = len(summary.records) - summary.cached
    console.print(
        f"제출물 {len(summary.records)}건 (새로 채점 {fresh}, 그대로 둠 {summary.cached}), "
        f"조교 확인 필요 {len(needing)}건"
    )
    if blameless := sum(map(without_grade, summary.records)):
        console.print(f"그 가운데 {blameless}건은 학생이 아니라 채점기나 시험지, 장비의 문제로 점수가 없습니다.")
    if summary.again is not None:
        console.print(f"시간 제한이나 바쁜 장비 때문에 다시 채점한 제출물: {summary.again}건")
        if summary.never:
            console.print(f"채점한 적이 없어 그대로 둔 제출물: {summary.never}건")
    for record in needing:
        for code, sentence, _ in reasons_of(record):
            console.print(f"  [yellow]{shown(record.student)}[/]: {shown(code)}: {shown_prose(sentence)}")
    if any(UNKNOWN in record.reasons for record in needing):
        console.print("  명단에 없는 이름이 누구인지 [bold]autograder who[/]로 답한 뒤 같은 명령을 다시 실행하세요.")
    for notice in summary.seen:
        console.print(f"  [cyan]{shown(notice.code)}[/] {shown_prose(notice.message)}")
    console.print(f"결과 폴더: {shown(str(summary.out))}")


def reproduce_command(record: GradeRecord, path: Path) -> str:
    """Return the shell command that grades this submission again, from the content kept beside the record."""
    out = path.parent.parent if path.parent.name == "records" else path.parent
    kept = out / "submissions" / f"{record.digest}.ipynb"
    source = str(kept) if kept.exists() else record.source
    words = [
        "autograder",
        "grade",
        record.assignment,
        source,
        "--student",
        record.student,
        "--out",
        str(out),
        "--regrade",
    ]
    device = record.environment.get("device")
    return shlex.join([*words, *(["--device", str(device)] if device else [])])


def print_record(
    console: Console,
    record: GradeRecord,
    path: Path,
    notices: Sequence[Notice] = (),
    *,
    timezone: str = DEFAULT_TIMEZONE,
) -> None:
    """Print everything staff may want to know of one record."""
    console.print(
        f"[bold]{shown(record.student)}[/] · {shown(record.assignment)} · {_points(record.score)}/{record.possible:g}"
    )
    console.print(f"상태: {record.state.value} {shown(', '.join(record.reasons))}")
    console.print(
        f"출처: {shown(record.source)}  받은 때: {table_time(record.received_at, timezone) or '-'}  "
        f"채점한 때: {table_time(record.graded_at, timezone)}"
    )
    console.print(
        f"내용 {record.digest[:16]} · 시험지 {record.suite_hash[:16]} · 채점기 {record.grader_version}", style="dim"
    )
    print_verdicts(console, [(record.student, record.verdicts)], heading=False, details=True)
    found = {verdict.code for verdict in record.verdicts}
    for code, sentence, detail in reasons_of(record):
        if code in ours(record):
            console.print(f"  [magenta]?[/] {shown(code)}: {shown_prose(sentence)}")
            _print_detail(console, "" if code in found else detail)
    for notice in notices:
        console.print(
            f"  [cyan]i[/] {shown(notice.code)}: {shown_prose(notice.message)} [dim](학생에게 보이지 않음)[/]"
        )
    if used := record.environment.get("usage"):
        console.print(f"쓴 시간: {_usage(used, record.seconds)}", style="dim")
    if stopped := [c for c in record.cells if c.status not in ("ok", "later")]:
        console.print("[bold]멈춘 셀[/]")
        for cell in stopped:
            name = cell.grade_id or numbered(cell.number or cell.index + 1)
            took = time_word(cell.cpu_seconds, cell.seconds, cell.limit)
            console.print(f"  {shown(name)}: {cell.status} {shown(cell.ename)} {cell.line or ''} ({took})")
    for question in record.questions:
        console.print(f"[bold]{question.question}[/] {_points(question.earned)}/{question.possible:g} {question.state}")
        for test in told([t for t in record.tests if t.question == question.question]):
            console.print(
                f"  {OUTCOME_WORDS[test.outcome]} {test.points:g}점 {shown(test.name)} · "
                f"{shown_prose(expectation(test.title, test.outcome))}"
                + (" (이월 오류 보정)" if test.carried else "")
                + f" ({time_word(test.cpu_seconds, test.seconds, test.limit)})"
            )
            if test.message:
                console.print(f"      {shown_prose(test.message)}")
            if test.outcome not in (Outcome.PASSED, Outcome.DEFERRED):
                _print_detail(console, test.detail)
    console.print("[bold]재현[/]")
    console.print(f"  {visible(reproduce_command(record, path))}", markup=False, soft_wrap=True)


def print_verdicts(
    console: Console,
    found: Sequence[tuple[str, Sequence[Verdict]]],
    *,
    heading: bool = True,
    details: bool = False,
) -> None:
    """Print what was found of each submission; `details` are staff's."""
    for student, verdicts in found:
        if heading:
            console.print(f"[bold]{shown(student)}[/]: {_acceptance(verdicts)}")
        for verdict in verdicts:
            place = f" ({shown(cell_place(verdict.cell))})" if verdict.cell else ""
            mark = "[red]✗[/]" if verdict.fatal else "[yellow]![/]"
            console.print(f"  {mark} {shown(verdict.code)}{place}: {shown_prose(verdict.message)}")
            if details:
                _print_detail(console, verdict.detail)


def _print_detail(console: Console, detail: str) -> None:
    """Print a detail line by line, each indented wherever it wraps, so that none can pass for a line of ours."""
    lines = visible(detail).splitlines()
    for line in lines[:_MOST_LINES]:
        console.print(Padding(Text(line, "dim"), (0, 0, 0, 6), expand=False))
    if len(lines) > _MOST_LINES:
        console.print(f"      (이하 {len(lines) - _MOST_LINES}줄은 --json으로 볼 수 있습니다.)", style="dim")


def _acceptance(verdicts: Sequence[Verdict]) -> str:
    if any(v.fatal for v in verdicts):
        return "[red]채점할 수 없습니다.[/] 이대로 내면 담당자가 확인합니다."
    if any(v.code in NOTHING_TO_GRADE for v in verdicts):
        return "[red]채점할 답이 없습니다.[/]"
    return "[green]채점할 수 있습니다.[/]"


def print_open_names(console: Console, names: Sequence[OpenName], out: Path) -> None:
    """Print the names that nobody in the class has, and what to do about them."""
    if not names:
        console.print("누구인지 모르는 이름이 없습니다.")
        return
    table = Table("찾은 이름", "과제", "출처", "누구")
    for item in names:
        table.add_row(
            shown(item.name),
            shown(", ".join(item.assignments)),
            shown(item.source),
            shown(item.answer)
            if item.answer
            else "[yellow]모름[/]" + (f" (비슷한 계정: {shown(', '.join(item.like))})" if item.like else ""),
        )
    console.print(table)
    if any(not item.answer for item in names):
        console.print(f"답하는 명령: [bold]autograder who 이름 계정 --out {shown(str(out))}[/]")
    if any(item.answer for item in names):
        console.print("답한 이름의 제출물은 같은 명령으로 다시 채점하면 그 학생의 것이 됩니다.")


def print_machine(console: Console, report: MachineReport) -> None:
    """Print what this machine can confine, and what follows from what it can't."""
    table = Table("기능", "상태", "필수", "설명")
    for item in report.capabilities:
        table.add_row(
            shown(item.name),
            "[green]있음[/]" if item.available else "[red]없음[/]",
            "필수" if item.needed else "선택",
            shown_prose(item.detail if item.available else item.advice or item.detail),
        )
    console.print(table)


def _usage(used: Mapping[str, Any], wall: float) -> str:
    """Return where a submission's seconds went; a record of version 1 knows CPU and wall only."""
    parts = [f"CPU {float(used.get('cpu_seconds', 0.0)):.1f}초"]
    for name, word in (("starved_seconds", "장비를 기다림"), ("asleep_seconds", "잠듦")):
        if name in used:
            parts.append(f"{word} {float(used[name]):.1f}초")
    return ", ".join([*parts, f"실제 {wall:.1f}초"])


def _points(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
