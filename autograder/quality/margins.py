"""How near right answers come to losing a test: the master and the corpus's right works under many fixed secrets.

Owns the rule and the section ``<!-- margins -->`` of the suite's notes. The measures are those of
`autograder.judge.margins`: the worst share of the tolerance that was used, and how many standard deviations of the
draws, of all works together, the mean stands from the limit. A comparison is *near* if it used more than a third of
its tolerance (so its effect is less than three times the margin) and also stands fewer than six deviations from the
limit, where one draw in 10^9 of normal ones crosses it. A comparison that is always exactly on its limit (an accuracy
of 1 in [0, 1]) or always equally far from it cannot cross it, and is never near.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from autograder.corpus import Case
from autograder.grading.records import write_atomically
from autograder.grading.runs import GradeJob
from autograder.grading.secrets import trial_secret
from autograder.model import Assignment
from autograder.plain import shown
from autograder.quality.bench import PATIENT, Bench
from autograder.quality.survey import cases_about, chosen_questions
from autograder.quality.table import Section, table_line

__all__ = ["DRAWS", "RIGHT_DRAWS", "Margin", "MarginSurvey", "markdown", "measure", "print_margins", "write_margins"]

DRAWS = 60
"""Secrets under which the master is measured."""
RIGHT_DRAWS = 10
"""Secrets under which each right work of the corpus is measured."""
MOST_SECONDS = 40.0
"""Wall-clock seconds that one test of the master may take under all secrets together: slow ones get fewer draws."""

_NEAR, _NEAR_STEPS = 1 / 3, 6.0
_TOLD, _TOLD_STEPS = 0.1, 12.0
_TOLD_OF_EACH = ("kind", "text", "worst", "steps", "value", "limit", "count")
_SECTION = Section(
    "<!-- margins -->",
    "<!-- /margins -->",
    "## Margins",
    "Made by `autograder quality ID --margins --write`: how near right answers come to each limit of a hidden test.",
)


class _Distances(NamedTuple):
    """Number, mean and sum of squared deviations of distances from a limit."""

    number: int
    mean: float
    squares: float

    def with_those(self, other: _Distances) -> _Distances:
        """Return both together (Chan, Golub & LeVeque 1979)."""
        number, step = self.number + other.number, other.mean - self.mean
        if not number:
            return self
        squares = self.squares + other.squares + step * step * self.number * other.number / number
        return _Distances(number, self.mean + step * other.number / number, squares)

    @property
    def steps(self) -> float:
        """How many standard deviations the mean is from the limit; only of distances that differ."""
        return self.mean / math.sqrt(self.squares / (self.number - 1))


@dataclass(frozen=True, slots=True)
class Margin:
    """One comparison of one test, over all draws and works.

    Args:
        question: id of the test's question.
        test: name of the test.
        kind: ``"close_to"``, ``"between"``, ``"require"``, or ``"unread"``.
        text: what is compared, source text.
        worst: the largest share of the tolerance used; None if infinite.
        steps: standard deviations of the draws between mean and limit; None if it was the same in all.
        value: what stood nearest to the limit.
        limit: the limit there.
        count: how often it was compared.
        work: whose answer came nearest: ``"master"`` or a case's name.
    """

    question: str
    test: str
    kind: str
    text: str
    worst: float | None
    steps: float | None
    value: float | None
    limit: float | None
    count: int
    work: str

    @property
    def exact(self) -> bool:
        """It stood exactly on its limit, which is then a bound of the quantity itself."""
        return self.kind != "close_to" and self.value == self.limit

    def within(self, share: float, steps: float) -> bool:
        """Return whether more than this share was used, and the limit is fewer than these deviations away."""
        if self.exact or self.kind == "unread":
            return False
        return self.worst is None or (self.worst > share and self.steps is not None and self.steps < steps)

    @property
    def near(self) -> bool:
        """See the module."""
        return self.within(_NEAR, _NEAR_STEPS)


@dataclass(frozen=True, slots=True)
class MarginSurvey:
    """All comparisons, in the order of the tests, and ``work: test`` for each that was lost under some secret."""

    assignment: Assignment
    draws: int
    works: int
    margins: tuple[Margin, ...]
    lost: tuple[str, ...]

    @property
    def near(self) -> tuple[Margin, ...]:
        """Those nearer to their limit than the rule allows."""
        return tuple(margin for margin in self.margins if margin.near)

    @property
    def told(self) -> tuple[Margin, ...]:
        """Those worth a suite author's look, nearest first within a question."""
        order = [question.id for question in self.assignment.questions]
        found = [margin for margin in self.margins if margin.within(_TOLD, _TOLD_STEPS)]
        return tuple(sorted(found, key=lambda margin: (order.index(margin.question), margin.steps or 0.0)))

    @property
    def passed(self) -> bool:
        """No test was lost, and no comparison is near its limit."""
        return not (self.near or self.lost)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        told = [{"test": m.test, "text": m.text, "worst": m.worst, "steps": m.steps} for m in self.told]
        numbers = {"comparisons": len(self.margins), "near": len(self.near)}
        return {"draws": self.draws, **numbers, "told": told, "lost": list(self.lost)}


def measure(
    assignment: Assignment,
    master: Mapping[str, Any],
    grade_job: GradeJob,
    *,
    questions: Sequence[str] = (),
    corpus: Path | None = None,
    draws: int = DRAWS,
    slots: int = 1,
    show: Callable[[int, int], None] = lambda done, total: None,
) -> MarginSurvey:
    """Grade the master under `draws` secrets and each right work under `RIGHT_DRAWS` of them, recording margins.

    See `autograder.quality.survey.survey` for the arguments and what is raised.
    """
    chosen = chosen_questions(assignment, questions)
    bench = Bench(assignment, master, grade_job)
    right = cases_about(assignment, corpus, "right", chosen)
    todo = [(Case("master", "", "", (), "", ()), draws)]
    todo += [(case, min(draws, RIGHT_DRAWS)) for case in right]
    done = 0

    def grade(item: tuple[Case, int]) -> tuple[str, dict[str, Any]]:
        nonlocal done
        case, count = item
        secrets = [trial_secret(number).hex() for number in range(count)]
        job = bench.job(case, (case.question,) if case.question else chosen, PATIENT)
        share = count / draws
        more = {"more_secrets": secrets[1:], "draw_seconds": MOST_SECONDS * share, "margins": True}
        result = bench.run({**job, "secret": secrets[0], **more})
        done += 1
        show(done, len(todo))
        return case.name, result

    show(0, len(todo))
    with ThreadPoolExecutor(slots, thread_name_prefix="margins") as executor:
        try:
            results = list(executor.map(grade, todo))
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return MarginSurvey(assignment, draws, len(right), _merged(results), tuple(_lost(results)))


def markdown(survey: MarginSurvey) -> str:
    """Return the section of the notes, without its markers."""
    told, known = survey.told, [margin for margin in survey.margins if margin.kind != "unread"]
    exact, unread = (sum(1 for m in survey.margins if test(m)) for test in (_is_exact, _is_unread))
    heads = ("question", "test", "compared", "share used", "nearest", "limit", "deviations", "times")
    lines = [table_line(heads), table_line(["---"] * 3 + ["---:"] * 5)] if told else []
    for m in told:
        test, text = m.test.removeprefix(f"test_{m.question}_"), m.text.replace("|", "¦")
        numbers = (_number(m.worst), _number(m.value), _number(m.limit), _number(m.steps), str(m.count))
        lines.append(table_line((m.question, f"`{test}`", f"`{text}`", *numbers)))
    rest = len(known) - len(told) - exact
    lines += ["", f"The master under {survey.draws} secrets, {survey.works} right works under {RIGHT_DRAWS}."]
    lines.append(
        f"All other {rest} comparisons use less than {_TOLD:.0%} of their tolerance or stand {_TOLD_STEPS:g} standard "
        f"deviations and more from their limit; {exact} stand exactly on a bound of the quantity; {unread} were not "
        "read (a side calls the student)."
    )
    if survey.near:
        lines.append(f"Near their limit: {', '.join(sorted({f'`{m.test}`' for m in survey.near}))}.")
    return "\n".join(lines).lstrip("\n")


def write_margins(survey: MarginSurvey) -> None:
    """Write the section into the suite's ``NOTES.md``."""
    path = survey.assignment.suite_dir / "NOTES.md"
    notes = path.read_text(encoding="utf-8") if path.is_file() else f"# {survey.assignment.title}\n"
    write_atomically(path, _SECTION.put(notes, markdown(survey)))


def print_margins(console: Console, survey: MarginSurvey) -> None:
    """Print the tightest comparisons, near ones in red, and what was lost."""
    table = Table(title=f"{shown(survey.assignment.id)} · 여유가 적은 비교", title_justify="left")
    for column in ("문항", "테스트", "비교"):
        table.add_column(column)
    for column in ("쓴 몫", "가장 가까운 값", "한계", "표준편차"):
        table.add_column(column, justify="right")
    for m in survey.told:
        numbers = [_number(number) for number in (m.worst, m.value, m.limit, m.steps)]
        table.add_row(
            shown(m.question), shown(m.test), shown(m.text), *map(shown, numbers), style="red" if m.near else ""
        )
    console.print(table)
    console.print(f"비교 {len(survey.margins)}개 · 한계에 가까운 것 {len(survey.near)}개")
    for name in survey.lost:
        console.print(f"[red]잃음[/] {shown(name)}")


def _merged(results: Iterable[tuple[str, dict[str, Any]]]) -> tuple[Margin, ...]:
    """Return one margin for each place of each test: the worst of all works, and the distances of all together."""
    found: dict[tuple[str, str], Margin] = {}
    distances: dict[tuple[str, str], list[_Distances]] = {}
    for work, result in results:
        questions = {test["name"]: test["question"] for test in result["tests"]}
        for test, places in result["margins"].items():
            for place, told in places.items():
                numbers = {name: told.get(name) for name in _TOLD_OF_EACH}
                new = Margin(question=questions[test], test=test, work=work, **numbers)
                found[test, place] = _worse(found.get((test, place)), new)
                mine = [_Distances(*each) for each in told.get("distances", ())]
                both = zip_longest(mine, distances.get((test, place), []), fillvalue=_Distances(0, 0.0, 0.0))
                distances[test, place] = [one.with_those(other) for one, other in both]
    return tuple(replace(margin, steps=_least_steps(distances[key], margin.steps)) for key, margin in found.items())


def _least_steps(distances: Sequence[_Distances], otherwise: float | None) -> float | None:
    """Return the fewest standard deviations between a mean and the limit; None if nothing varies."""
    if not distances:
        return otherwise
    return min((each.steps for each in distances if each.squares > 0), default=None)


def _worse(old: Margin | None, new: Margin) -> Margin:
    """Return the margin that two works leave together."""
    if old is None or old.kind == "unread":
        return new
    if new.kind == "unread":
        return old
    kept = old if old.worst is None or (new.worst is not None and old.worst >= new.worst) else new
    steps = min((m.steps for m in (old, new) if m.steps is not None), default=None)
    return replace(kept, steps=steps, count=old.count + new.count)


def _lost(results: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    lost = {}
    for work, result in results:
        for test in (test for draw in (result["tests"], *result["draws"]) for test in draw):
            if test["outcome"] not in ("passed", "deferred"):
                lost[f"{work}: {test['name']}"] = True
    return list(lost)


def _is_exact(margin: Margin) -> bool:
    return margin.kind != "unread" and margin.exact


def _is_unread(margin: Margin) -> bool:
    return margin.kind == "unread"


def _number(value: float | None) -> str:
    return "∞" if value is None else f"{value:.3g}"
