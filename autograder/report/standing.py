"""What the gradebook says of one submission beyond its record, and the one way in which totals and lateness are told.

Owns the arithmetic of a total (points that tests gave, points that a person gave, extra credit, what lateness costs)
and its words. The pages of the service, the feedback and the CSV are all made of a `Standing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.course_file import time_words
from autograder.korean import fill
from autograder.model import Assignment, GradeRecord
from autograder.report.words import number, question_label

__all__ = [
    "Mark",
    "Standing",
    "Told",
    "cost_words",
    "due_words",
    "duration_words",
    "late_words",
    "name_of",
    "standing_of_record",
    "standing_of_score",
    "told_total",
]

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_ASKED = ((_MINUTE, "1분"), (_DAY, "하루"), (2 * _DAY, "이틀"), (3 * _DAY, "사흘"))
_MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one question counts.

    Args:
        score: points that count, extra credit included; None if nobody has decided yet.
        by_hand: a person set the points.
        waits: a person has yet to look.
        comment: what a person wrote, "" if nothing.
        possible: points of the question.
        automatic: points from tests, None if there are none.
        manual: points given by a person in their place, None if there are none.
        extra: extra credit.
        reads: a question that only a person grades.
        name: what people call the question.
    """

    score: float | None
    by_hand: bool = False
    waits: bool = False
    comment: str = ""
    possible: float = 0.0
    automatic: float | None = None
    manual: float | None = None
    extra: float | None = None
    reads: bool = False
    name: str = ""

    @property
    def open(self) -> bool:
        """Whether a person has yet to decide on it."""
        return self.waits or self.score is None


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission in the gradebook.

    Args:
        marks: by question id, or by cell where the assignment has no such question.
        possible: points of all questions, the manual ones included.
        penalty: points taken off for lateness.
        received: when it was handed in, ISO 8601 in UTC; "" if unknown.
        due: when it was due, an extension of this student's included, ISO 8601 in UTC; "" without a due date.
    """

    marks: Mapping[str, Mark] = field(default_factory=dict)
    possible: float = 0.0
    penalty: float = 0.0
    received: str = ""
    due: str = ""

    @property
    def waits(self) -> bool:
        """Whether a person has yet to look at anything; so where nothing is known at all."""
        return not self.marks or any(mark.open for mark in self.marks.values())

    @property
    def automatic(self) -> float | None:
        """Points from tests where no person decided otherwise, None where there are none."""
        return _sum(m.automatic for m in self.marks.values() if m.manual is None)

    @property
    def manual(self) -> float | None:
        """Points given by a person in place of automatic ones, None where there are none."""
        return _sum(m.manual for m in self.marks.values())

    @property
    def extra(self) -> float | None:
        """Extra credit, None where there is none."""
        return _sum(m.extra for m in self.marks.values())

    @property
    def raw(self) -> float | None:
        """All points before the penalty, None while a person has yet to look at anything."""
        return None if self.waits else round(sum(mark.score or 0.0 for mark in self.marks.values()), 6)

    @property
    def total(self) -> float | None:
        """What counts in the end, None while a person has yet to look at anything."""
        return None if self.raw is None else max(round(self.raw - self.penalty, 6), 0.0)

    @property
    def seconds_late(self) -> float:
        """Seconds between the due date and the time it was handed in, 0 if it came in time or nothing is due."""
        return seconds_between(self.due, self.received)


@dataclass(frozen=True, slots=True)
class Told:
    """A total in words.

    Args:
        parts: what it is made of: "자동 44 / 100", "직접 채점 7 / 10", "늦은 제출 −10".
        total: "41 / 110점", "" while it is not known.
        waits: a sentence for each thing that a person has yet to do.
    """

    parts: tuple[str, ...]
    total: str
    waits: tuple[str, ...]

    @property
    def line(self) -> str:
        """All of it in one line."""
        parts = " · ".join(self.parts)
        if not self.total:
            return " ".join(filter(None, (parts + "." if parts and self.waits else parts, *self.waits)))
        return self.total if not parts else f"{parts} → {self.total}"


def told_total(standing: Standing) -> Told:
    """Return a standing's total in words. The parts are left out where they say no more than the total."""
    marks = standing.marks.values()
    tests = [m for m in marks if m.manual is None and not m.reads and m.automatic is not None]
    given = [m for m in marks if m.manual is not None and not m.open]
    blank = [m for m in marks if m.reads and m.manual is None and m.automatic is not None and not m.open]
    parts = []
    if tests:
        parts.append(f"자동 {number(_sum(m.automatic for m in tests))} / {number(sum(m.possible for m in tests))}")
    if given:
        parts.append(f"직접 채점 {number(_sum(m.manual for m in given))} / {number(sum(m.possible for m in given))}")
    parts += [f"{m.name} {number(m.automatic)} / {number(m.possible)}" for m in blank]
    if standing.extra:
        parts.append(f"추가 {'+' if standing.extra > 0 else _MINUS}{number(abs(standing.extra))}")
    if standing.penalty:
        parts.append(f"늦은 제출 {_MINUS}{number(standing.penalty)}")
    total = "" if standing.total is None else f"{number(standing.total)} / {number(standing.possible)}점"
    alone = bool(total) and len(parts) == 1 and len(tests) == len(standing.marks)
    return Told(() if alone else tuple(parts), total, tuple(_waits(standing)))


def standing_of_record(record: GradeRecord, assignment: Assignment) -> Standing:
    """Return what a record alone says, where the gradebook says nothing of this submission."""
    scores = {score.question: score for score in record.questions}
    marks = {}
    for question in assignment.questions:
        found = scores.get(question.id)
        earned = None if found is None or question.manual else found.earned
        marks[question.id] = Mark(
            score=earned,
            waits=earned is None,
            possible=question.points,
            automatic=earned,
            reads=question.manual,
            name=name_of(question),
        )
    return Standing(marks, assignment.points + assignment.manual_points, received=record.received_at)


def standing_of_score(score: float | None, possible: float, assignment: Assignment | None) -> Standing:
    """Return what the sum of the automatic questions alone says, as `standing_of_record` does of a whole record."""
    marks = {"": Mark(score=score, waits=score is None, possible=possible, automatic=score, name="자동 채점")}
    for question in assignment.questions if assignment else ():
        if question.manual:
            name = name_of(question)
            marks[question.id] = Mark(None, waits=True, possible=question.points, reads=True, name=name)
    return Standing(marks, possible + (assignment.manual_points if assignment else 0.0))


def name_of(question: object) -> str:
    """Return what people call a question: its title if a person grades it, else its short label."""
    title, label = str(getattr(question, "title", "")), question_label(str(getattr(question, "id", "")))
    return title if getattr(question, "manual", False) else label or title


def due_words(due: str, timezone: str) -> str:
    """Return "마감 12월 1일 23:59 KST", "" without a due date."""
    moment = time_words(due, timezone) if due else ""
    return f"마감 {moment}" if moment else ""


def late_words(due: str, received: str, penalty: float | None) -> str:
    """Return what a late submission's student is told, "" for one that came in time.

    Args:
        due: when it was due, ISO 8601; "" without a due date.
        received: when it was handed in, ISO 8601.
        penalty: points it costs; None while that is not known.
    """
    seconds = seconds_between(due, received)
    if seconds <= 0:
        return ""
    sentence = f"마감보다 {duration_words(seconds)} 늦었습니다."
    if penalty is None:
        return sentence
    return f"{sentence} 감점 {number(penalty)}점." if penalty else f"{sentence} 감점은 없습니다."


def cost_words(rule: Callable[[float, float], float | None], full: float) -> str:
    """Return in words what lateness costs, before it happens, by asking the course's own rule.

    Args:
        rule: points taken off, None for none, of the score and the seconds late.
        full: points of a work that earns everything.

    Raises:
        GraderError: the rule fails (see `LatePenalty`).
    """
    costs = [round(rule(full, float(seconds)) or 0.0, 6) for seconds, _ in _ASKED]
    if not any(costs):
        return "늦어도 감점하지 않습니다."
    if all(cost >= full for cost in costs):
        return "늦으면 0점입니다."
    first, *later = costs
    if first and later == [first, 2 * first, 3 * first]:
        words = f"늦으면 하루마다 {number(first)}점씩 깎입니다."
    else:
        named = [f"{word} {number(cost)}점" for cost, (_, word) in zip(costs, _ASKED, strict=True)]
        words = "늦으면 깎이는 점수: " + ", ".join(named) + "."
    half = [round(rule(full / 2, float(seconds)) or 0.0, 6) for seconds, _ in _ASKED]
    if half != [min(cost, full / 2) for cost in costs]:
        words += " 만점일 때의 점수이며, 얻은 점수에 따라 다릅니다."
    return words


def duration_words(seconds: float) -> str:
    """Return a time span in at most two units: "40초", "1시간 12분", "이틀" as "2일"."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{max(whole, 1)}초"
    days, rest = divmod(whole, _DAY)
    hours, minutes = rest // _HOUR, rest % _HOUR // _MINUTE
    found = [f"{n}{unit}" for n, unit in ((days, "일"), (hours, "시간"), (minutes, "분")) if n]
    return " ".join(found[:2])


def seconds_between(due: str, received: str) -> float:
    """Return the seconds by which `received` comes after `due`, at least 0; 0 if one of them is no time."""
    late = _moment(received), _moment(due)
    if late[0] is None or late[1] is None:
        return 0.0
    return max((late[0] - late[1]).total_seconds(), 0.0)


def _waits(standing: Standing) -> Iterable[str]:
    found = [m for m in standing.marks.values() if m.open]
    tests = [m for m in found if not m.reads]
    for mark in found:
        if mark.reads:
            again = mark.score is not None
            yield (
                fill("{0}의 점수는 조교가 다시 확인합니다.", mark.name)
                if again
                else f"{mark.name} {number(mark.possible)}점은 조교가 채점합니다."
            )
    if not tests:
        return
    if len(tests) == sum(not m.reads for m in standing.marks.values()):
        yield "자동 채점의 결과는 조교가 확인합니다."
    elif len(tests) > 3:
        yield f"{len(tests)}개 문항의 점수는 조교가 확인합니다."
    else:
        yield fill("{0}의 점수는 조교가 확인합니다.", ", ".join(_with_points(tests)))


def _with_points(marks: Sequence[Mark]) -> list[str]:
    return [f"{mark.name}({number(mark.possible)}점)" for mark in marks]


def _moment(stamp: str) -> dt.datetime | None:
    try:
        then = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return then if then.tzinfo else then.replace(tzinfo=dt.UTC)


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
