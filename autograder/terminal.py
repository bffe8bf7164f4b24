"""What the command line prints: tables and one record in full. Korean, for staff.

What is printed may hold what student code said: a name, a message, a detail. All of it goes through
`autograder.plain.shown` and its kin, so that it can neither colour nor move nor hide what else stands there, and what
may have several lines is printed indented, so that none of them can pass for a line of ours.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from autograder.cells import cell_place, numbered
from autograder.course_file import DEFAULT_TIMEZONE, table_time
from autograder.grading.fault import ours, without_grade
from autograder.grading.whose import UNKNOWN
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.model import GradeRecord, Outcome, RecordState, Verdict
from autograder.plain import one_line, shown, shown_prose
from autograder.report.unbegun import told
from autograder.report.words import expectation, reasons_of, time_word
from autograder.sinks.console import tell, tell_lines

if TYPE_CHECKING:
    from autograder.comparison import Comparison
    from autograder.grading.notices import Notice
    from autograder.grading.trial import Trial
    from autograder.grading.whose import OpenName
    from autograder.lint.command import Linted
    from autograder.sandbox import MachineReport
    from autograder.session import Summary

__all__ = [
    "print_comparison",
    "print_linted",
    "print_machine",
    "print_open_names",
    "print_record",
    "print_summary",
    "print_verdicts",
    "reproduce_command",
    "trial_word",
]

_MOST_LINES = 30
"""Lines shown of one detail; a traceback from the judge down to the student's line is shorter."""

OUTCOME_WORDS = {
    Outcome.PASSED: "[green]통과[/]",
    Outcome.FAILED: "[red]불통과[/]",
    Outcome.BLOCKED: "[yellow]실행 못함[/]",
    Outcome.DEFERRED: "[cyan]GPU 대기[/]",
    Outcome.ERROR: "[magenta]조교 확인[/]",
}


def trial_word(trial: Trial | None) -> str:
    """Return, for a table, what is known of a suite: that its master earns everything, that it does not, or nothing."""
    if trial is None:
        return "[dim]아직 확인하지 않음[/]"
    return f"[green]확인됨[/] {shown(trial.tried_at[:10])}" if trial.passed else "[red]틀림[/]"


def print_linted(console: Console, linted: Sequence[Linted]) -> None:
    """Print what was found in each assignment, each mistake with its place, code and detail."""
    for one in linted:
        ran = f"숨은 입력 {one.secrets:d}벌" if one.secrets else "실행하지 않음"
        state = f"[red]틀린 곳 {len(one.findings)}군데[/]" if one.findings else "[green]틀린 곳 없음[/]"
        console.print(f"{shown(one.assignment)}: {state} ({ran}, {one.seconds:.1f}초)")
        for finding in one.findings:
            tell(console, f"{shown_prose(finding.sentence)} [dim]{shown(f'[{finding.code}]')}[/]", 2)
            tell_lines(console, finding.detail[:2000], 4, _MOST_LINES)


def print_summary(console: Console, summary: Summary) -> None:
    """Print the class as a table, who needs a person and why, and where the files are."""
    questions = [q for q in summary.assignment.questions if not q.manual]
    title = f"{shown(summary.assignment.id)} · {shown(summary.assignment.title)}"
    table = Table(title=title, title_justify="left")
    table.add_column("학생")
    table.add_column("점수", justify="right")
    for question in questions:
        table.add_column(shown(question.id), justify="right")
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
        f"제출물 {len(summary.records)}건 (새로 채점 {fresh:d}, 그대로 둠 {summary.cached:d}), "
        f"조교 확인 필요 {len(needing)}건"
    )
    if blameless := sum(map(without_grade, summary.records)):
        console.print(f"그 가운데 {blameless:d}건은 학생이 아니라 채점기나 시험지, 장비의 문제로 점수가 없습니다.")
    if summary.again is not None:
        console.print(f"시간 제한이나 바쁜 장비 때문에 다시 채점한 제출물: {summary.again:d}건")
        if summary.never:
            console.print(f"채점한 적이 없어 그대로 둔 제출물: {summary.never:d}건")
    for record in needing:
        for code, sentence, _ in reasons_of(record):
            tell(console, f"[yellow]{shown(record.student)}[/]: {shown(code)}: {shown_prose(sentence)}", 2)
    if any(UNKNOWN in record.reasons for record in needing):
        console.print("  명단에 없는 이름이 누구인지 [bold]autograder who[/]로 답한 뒤 같은 명령을 다시 실행하세요.")
    for notice in summary.seen:
        tell(console, f"[cyan]{shown(notice.code)}[/] {shown_prose(notice.message)}", 2)
    console.print(f"결과 폴더: {shown(str(summary.out))}")


def print_comparison(console: Console, found: Comparison) -> None:
    """Print the scores kept beside those of the suite as it is now, the largest differences first."""
    questions = [q.id for q in found.assignment.questions if not q.manual]
    title = f"{shown(found.assignment.id)} · {shown(found.assignment.title)} · 점수가 달라지는 학생"
    table = Table(title=title, title_justify="left")
    table.add_column("학생")
    for name in ("지금 점수", "새 시험지", "차이", *questions):
        table.add_column(shown(name), justify="right")
    for change in found.moved:
        parts = [change.questions.get(name, (None, None)) for name in questions]
        table.add_row(
            shown(change.student) + (" *" if change.other_work else ""),
            _points(change.kept),
            _points(change.new),
            f"{change.by:+g}",
            *("" if old == new else f"{_points(old)}→{_points(new)}" for old, new in parts),
        )
    if found.moved:
        console.print(table)
    up, down = (sum(1 for c in found.moved if (c.by or 0) * sign > 0) for sign in (1, -1))
    same = sum(1 for c in found.changes if c.by == 0)
    console.print(f"오르는 학생 {up:d}명, 내리는 학생 {down:d}명, 그대로인 학생 {same:d}명")
    if lacking := sum(1 for c in found.changes if c.by is None):
        console.print(f"한쪽에 점수가 없어 견주지 못한 학생: {lacking:d}명")
    if found.means is not None:
        kept, new = found.means
        console.print(f"평균 {kept:.1f} → {new:.1f}")
    if any(c.other_work for c in found.changes):
        console.print("* 지금 점수는 다른 제출물의 것입니다.")
    if found.same_suite:
        console.print("지금 점수를 낸 시험지와 새 시험지가 같습니다.")
    console.print("아무 성적도 바꾸지 않았습니다. 새 시험지로 다시 채점하려면 --regrade를 쓰세요.")


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
    score = f"{_points(record.score)}/{record.possible:g}"
    tell(console, f"[bold]{shown(record.student)}[/] · {shown(record.assignment)} · {score}", 0)
    tell(console, f"상태: {shown(record.state.value)} {shown(', '.join(record.reasons))}", 0)
    tell(
        console,
        f"출처: {shown(record.source)}  받은 때: {shown(table_time(record.received_at, timezone) or '-')}  "
        f"채점한 때: {shown(table_time(record.graded_at, timezone))}",
        0,
    )
    console.print(
        f"내용 {shown(record.digest[:16])} · 시험지 {shown(record.suite_hash[:16])} · "
        f"채점기 {shown(record.grader_version)}",
        style="dim",
    )
    print_verdicts(console, [(record.student, record.verdicts)], heading=False, details=True)
    found = {verdict.code for verdict in record.verdicts}
    for code, sentence, detail in reasons_of(record):
        if code in ours(record):
            tell(console, f"[magenta]?[/] {shown(code)}: {shown_prose(sentence)}", 2)
            _print_detail(console, "" if code in found else detail)
    for notice in notices:
        tell(
            console, f"[cyan]i[/] {shown(notice.code)}: {shown_prose(notice.message)} [dim](학생에게 보이지 않음)[/]", 2
        )
    if used := record.environment.get("usage"):
        console.print(f"쓴 시간: {shown(_usage(used, record.seconds))}", style="dim")
    if stopped := [c for c in record.cells if c.status not in ("ok", "later")]:
        console.print("[bold]멈춘 셀[/]")
        for cell in stopped:
            name = cell.grade_id or numbered(cell.number or cell.index + 1)
            took = time_word(cell.cpu_seconds, cell.seconds, cell.limit)
            line = shown(str(cell.line or ""))
            tell(console, f"{shown(name)}: {shown(cell.status)} {shown(cell.ename)} {line} ({shown(took)})", 2)
    for question in record.questions:
        console.print(
            f"[bold]{shown(question.question)}[/] {_points(question.earned)}/{question.possible:g} "
            f"{shown(question.state)}"
        )
        for test in told([t for t in record.tests if t.question == question.question]):
            tell(
                console,
                f"{OUTCOME_WORDS[test.outcome]} {test.points:g}점 {shown(test.name)} · "
                f"{shown_prose(expectation(test.title, test.outcome))}"
                + (" (이월 오류 보정)" if test.carried else "")
                + f" ({shown(time_word(test.cpu_seconds, test.seconds, test.limit))})",
                2,
            )
            if test.message:
                tell(console, shown_prose(test.message), 6)
            if test.outcome not in (Outcome.PASSED, Outcome.DEFERRED):
                _print_detail(console, test.detail)
    console.print("[bold]재현[/]")
    console.print(f"  {one_line(reproduce_command(record, path), 4000)}", markup=False, soft_wrap=True)


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
            tell(console, f"[bold]{shown(student)}[/]: {_acceptance(verdicts)}", 0)
        for verdict in verdicts:
            place = f" ({shown(cell_place(verdict.cell))})" if verdict.cell else ""
            mark = "[red]✗[/]" if verdict.fatal else "[yellow]![/]"
            tell(console, f"{mark} {shown(verdict.code)}{place}: {shown_prose(verdict.message)}", 2)
            if details:
                _print_detail(console, verdict.detail)


def _print_detail(console: Console, detail: str) -> None:
    """Print a detail that stands below the line it is about."""
    left = tell_lines(console, detail, 6, _MOST_LINES)
    if left:
        console.print(f"      (이하 {left:d}줄은 --json으로 볼 수 있습니다.)", style="dim")


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
