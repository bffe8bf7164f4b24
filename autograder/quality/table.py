"""What a survey looks like: tables for the terminal (Korean), a section of the suite's notes (English)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.grading.records import write_atomically
from autograder.plain import shown, visible
from autograder.quality.hand import NEAR, hand_rows, means_of
from autograder.quality.survey import CaseResult, Survey
from autograder.quality.survivors import as_toml

__all__ = [
    "BEGIN",
    "END",
    "Section",
    "markdown",
    "print_survey",
    "replaced",
    "survey_progress",
    "table_line",
    "write_table",
]

BEGIN, END = "<!-- mutants -->", "<!-- /mutants -->"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a suite's notes that a tool writes: between two marks, under a heading with its `made` line."""

    begin: str
    end: str
    heading: str
    made: str

    def put(self, notes: str, text: str) -> str:
        """Return the notes with `text` between the marks; they are put under the heading where missing."""
        block = f"{self.begin}\n{text}\n{self.end}"
        if self.begin in notes and self.end in notes:
            return notes[: notes.index(self.begin)] + block + notes[notes.index(self.end) + len(self.end) :]
        lines = notes.rstrip("\n").split("\n")
        if self.heading not in lines:
            lines += ["", self.heading, "", self.made]
        start = lines.index(self.heading) + 1
        end = next((i for i in range(start, len(lines)) if lines[i].startswith("## ")), len(lines))
        body = "\n".join(lines[:end]).rstrip("\n")
        rest = "\n".join(lines[end:])
        return f"{body}\n\n{block}\n" + (f"\n{rest}\n" if rest else "")


_MUTANTS = Section(
    BEGIN, END, "## Mutants", "Made by `autograder quality ID --write`; `survivors.toml` holds the reasons."
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One question's numbers, or the sum."""

    name: str
    mutants: int
    killed: int
    justified: int
    survived: int
    wrong: int
    right: int
    mismatched: int
    failed: int

    def cells(self) -> list[str]:
        counts = (self.mutants, self.killed, self.justified, self.survived)
        return [self.name, *map(str, counts), f"{self.mismatched} / {self.wrong}", f"{self.failed} / {self.right}"]


@contextmanager
def survey_progress(console: Console, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how many are graded; yields the function to call for each."""
    if quiet:
        yield lambda done, total: None
        return
    columns = (TextColumn("조사"), BarColumn(pulse_style="cyan"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("quality", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_survey(console: Console, survey: Survey) -> None:
    """Print the numbers, what each misconception costs, and what is left to do."""
    title = f"{shown(survey.assignment.id)} · {shown(survey.assignment.title)}"
    table = Table(title=title, title_justify="left")
    table.add_column("문항")
    for name in ("변이", "잡아냄", "정당화", "살아남음", "어긋난 오답", "점수 잃은 정답"):
        table.add_column(name, justify="right")
    rows = _rows(survey)
    for row in rows:
        table.add_row(*map(shown, row.cells()), end_section=row is rows[-2])
    console.print(table)
    if survey.wrong:
        costs = Table("문항", "오개념", "잃은 점수", title="오개념마다 잃은 점수", title_justify="left")
        for result in survey.wrong:
            costs.add_row(shown(result.case.question or "-"), shown(result.case.about), shown(_cost(result)))
        console.print(costs)
    if means := means_of(hand_rows(survey.wrong)):
        console.print(
            f"손 채점과 비교 (100점 가운데 잃는 점수): 오개념 {means.count:d}개 · 손 채점 평균 {means.by_hand:.1f} · "
            f"숨은 테스트 평균 {means.by_suite:.1f} · {NEAR:.0f}점 안에서 같은 것 {100 * means.near:.0f}%"
        )
    if survey.secrets > 1:
        unsteady = sum(1 for result in survey.works if result.unsteady)
        console.print(f"비밀값 {survey.secrets:d}개 · 답안 {len(survey.works)}개 · 결과가 달라지는 답안 {unsteady}개")
    for result in survey.works:
        name = shown(f"{result.case.name} {result.case.question}" if result in survey.reference else result.case.name)
        if not result.as_stated:
            lost, stated = ", ".join(result.always) or "-", ", ".join(result.case.loses) or "-"
            console.print(f"[red]{name}[/]: 잃은 테스트 {shown(lost)} · 적힌 테스트 {shown(stated)}")
        for test, count in result.unsteady.items():
            console.print(f"[red]{name}[/]: {shown(test)} 비밀값 {survey.secrets:d}개 가운데 {count:d}개에서만 잃음")
        if result.erred:
            console.print(f"[magenta]{shown(result.case.name)}[/]: 테스트 오류 {shown(', '.join(result.erred))}")
    for mutant in survey.mutants:
        if mutant.erred:
            names = shown(", ".join(mutant.erred))
            console.print(f"[magenta]테스트 오류[/] {names}: {shown(mutant.key.mutant)} ({shown(mutant.key.operator)})")
    for key in survey.stale:
        console.print("[yellow]쓸모없는 항목[/] (이미 잡히거나 없는 변이):")
        console.print(visible(as_toml(key)), markup=False, soft_wrap=True)
    if survey.unjustified:
        console.print("[bold]이유 없이 살아남은 변이[/] (테스트를 고치거나 survivors.toml에 이유를 적으세요)\n")
        for mutant in survey.unjustified:
            console.print(visible(as_toml(mutant.key)), markup=False, soft_wrap=True)


def markdown(survey: Survey) -> str:
    """Return the section of the notes, without its markers; the same for the same results."""
    heads = ("question", "mutants", "killed", "justified", "survived", "wrong: mismatched / of", "right: failed / of")
    lines = [table_line(heads), table_line(["---", *["---:"] * (len(heads) - 1)])]
    lines += [table_line(row.cells()) for row in _rows(survey)]
    if survey.wrong:
        mistakes = ("question", "misconception", "points lost / of", "of 100", "by hand", "why")
        lines += ["", table_line(mistakes), table_line(("---", "---", "---:", "---:", "---:", "---"))]
        lines += [table_line(_graded_twice(r)) for r in survey.wrong]
    if means := means_of(hand_rows(survey.wrong)):
        by_hand, by_suite = f"{means.by_hand:.1f} by hand", f"{means.by_suite:.1f} by the suite"
        near = f"{100 * means.near:.0f} % within {NEAR:.0f} points"
        lines += ["", f"Mean of 100 taken over {means.count} named mistakes: {by_hand}, {by_suite}; {near}."]
    if survey.secrets > 1:
        lines += ["", *_under_every_secret(survey)]
    if survey.unjustified:
        lines += ["", table_line(("question", "survivor", "in place of")), table_line(("---", "---", "---"))]
        for mutant in survey.unjustified:
            before, after = (f"`{text.replace('|', '¦')}`" for text in (mutant.key.line, mutant.key.mutant))
            lines.append(table_line((mutant.key.question, after, before)))
    return "\n".join(lines)


def replaced(notes: str, section: str) -> str:
    """Return the notes with `section` between the two markers; they are put under ``## Mutants`` where missing."""
    return _MUTANTS.put(notes, section)


def write_table(survey: Survey) -> None:
    """Write the section into the suite's ``NOTES.md``."""
    path = survey.assignment.suite_dir / "NOTES.md"
    notes = path.read_text(encoding="utf-8") if path.is_file() else f"# {survey.assignment.title}\n"
    write_atomically(path, replaced(notes, markdown(survey)))


def _under_every_secret(survey: Survey) -> list[str]:
    graded = f"the reference, {len(survey.right)} right and {len(survey.wrong)} wrong submissions"
    lines = [f"Graded under {survey.secrets} secrets: {graded}."]
    unsteady = [(result, name, count) for result in survey.works for name, count in result.unsteady.items()]
    if not unsteady:
        return [f"{lines[0]} Each loses the same tests under all."]
    lines += [
        "",
        table_line(("question", "submission", "test", "lost under")),
        table_line(("---", "---", "---", "---:")),
    ]
    for result, name, count in unsteady:
        cells = (result.case.question, result.case.about.replace("|", "/"), f"`{name}`", f"{count} / {survey.secrets}")
        lines.append(table_line(cells))
    return lines


def _rows(survey: Survey) -> list[_Row]:
    rows = []
    for question in (*survey.questions, None):
        mutants = [m for m in survey.mutants if question in (None, m.key.question)]
        wrong, right = (
            [c for c in some if question in (None, c.case.question)] for some in (survey.wrong, survey.right)
        )
        rows.append(
            _Row(
                name=question or "all",
                mutants=len(mutants),
                killed=sum(1 for m in mutants if m.killed_by),
                justified=sum(1 for m in mutants if m.reason),
                survived=sum(1 for m in mutants if not m.killed_by and not m.reason),
                wrong=len(wrong),
                right=len(right),
                mismatched=sum(1 for c in wrong if not c.as_stated),
                failed=sum(1 for c in right if not c.as_stated),
            )
        )
    return rows


def _graded_twice(result: CaseResult) -> tuple[str, ...]:
    """Return the cells of one mistake: what the suite takes, and what grading by hand takes."""
    case = result.case
    hand = "" if case.hand is None else f"{case.hand:.0f}"
    about, why = (text.replace("|", "/") for text in (case.about, case.hand_reason))
    share = f"{100 * result.points / result.possible:.0f}" if result.possible else "-"
    return (case.question, about, _cost(result), share, hand, why)


def _cost(result: CaseResult) -> str:
    return f"{result.points:g} / {result.possible:g}"


def table_line(cells: list[str] | tuple[str, ...]) -> str:
    """Return one line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
