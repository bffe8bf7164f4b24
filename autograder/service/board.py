"""The class board of an assignment's open problem: the numbers of those who take part, without names.

Owns what of a submission counts and what of it is shown. Each student's newest submission counts, whatever became of
it, and only if its notebook asks for it in so many words (`intake.open_problem`): a newer one without a share takes the
older one's number off. Numbers are what students state; no grade hangs on them.

Nobody may learn from the board whose a number is. It shows no names and no times, equal entries are alike, and their
order says nothing of who came first. Below `FEWEST` entries only their count is shown: of two, each would know the
other's. Staff see the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.intake.open_problem import Stated, Trouble
from autograder.korean import fill
from autograder.model import Assignment, OpenProblem
from autograder.service.receipt import Receipt, ReceiptState
from autograder.service.receipts import Receipts

__all__ = ["FEWEST", "amount", "board_values", "own_words", "stated_words"]

FEWEST = 3
"""Entries from which numbers are shown."""

_OVER_BUDGET = "over-budget"
_OUT_OF_RANGE = "out-of-range"
_NO_COUNT = "no-count"
_TROUBLES: Mapping[str, str] = {
    Trouble.SYNTAX: "`open_problem` 셀에 문법 오류가 있어 읽지 못했습니다.",
    Trouble.TOO_LONG: "`open_problem` 셀이 너무 길어 읽지 않았습니다. 호출만 따로 한 셀에 적으세요.",
    Trouble.SEVERAL: "내용이 서로 다른 `open_problem` 호출이 있습니다. 하나만 남기세요.",
    Trouble.OTHER_ASSIGNMENT: '`open_problem`의 첫 인자가 이 과제의 번호 "{short}"{short:이/가} 아닙니다.',
    Trouble.NESTED: "`open_problem` 호출이 함수나 조건문, 다른 호출의 안에 있습니다. 셀에 한 줄로 적으세요.",
    Trouble.ARGUMENTS: "`open_problem`에는 과제의 번호 다음에 `number=`, `spent=`, `share=`만 한 번씩 적습니다.",
    Trouble.NOT_WRITTEN_OUT: (
        "`number`와 `spent`에는 수를, `share`에는 `True`나 `False`를 그대로 적어야 합니다. "
        "노트북을 실행하지 않고 읽으므로 변수와 식은 쓸 수 없습니다."
    ),
    Trouble.NO_NUMBER: "`number`가 없습니다. 내가 얻은 {measure}{measure:을/를} 수로 적으세요.",
    Trouble.NO_SPENT: "`spent`가 없습니다. 쓴 {unit}의 수를 적으세요.",
    Trouble.NOT_FINITE: "`number`나 `spent`가 너무 큰 수입니다.",
    _OUT_OF_RANGE: "`number`에는 {least}부터 {most}까지의 수를 적어야 합니다. 지금은 {number}입니다.",
    _NO_COUNT: "`spent`에는 쓴 {unit}의 수를 0 이상의 정수로 적어야 합니다. 지금은 {spent}입니다.",
    _OVER_BUDGET: "쓴 {unit} {spent}개가 예산 {budget}개를 넘었습니다.",
}
_PERCENT = " 백분율이라면 100으로 나눈 값을 적으세요."


def board_values(
    assignment: Assignment, receipts: Receipts, account: Callable[[str], str | None], student: str = ""
) -> dict[str, Any]:
    """Return the board as one viewer sees it.

    Args:
        assignment: with an open problem.
        receipts: the table of what arrived.
        account: returns None for a name that is not in the class (`roster.Membership.account`); such work is left out.
        student: the viewer, whose own entry is marked; "" for staff.

    Returns:
        ``problem`` (texts), ``example`` (a call that takes part), ``count`` (entries), ``rows`` (from `FEWEST` entries;
        best first, with the baseline among them), and ``own`` (a sentence for the viewer, "" for staff).
    """
    problem = _problem(assignment)
    newest = _newest(receipts.rows(assignment=assignment.id))
    entries: list[tuple[float, float, bool]] = []
    for name, receipt in newest.items():
        stated = _stated(receipt)
        if stated is not None and not _reason(stated, problem) and account(name) is not None:
            assert stated.number is not None
            assert stated.spent is not None
            entries.append((stated.number, stated.spent, bool(student) and name == student))
    return {
        "id": assignment.id,
        "title": assignment.title,
        "problem": {
            "title": problem.title,
            "measure": problem.measure,
            "better": "클수록" if problem.better == "high" else "작을수록",
            "baseline": amount(problem.baseline),
            "budget": amount(problem.budget),
            "unit": problem.unit,
        },
        "example": _example(assignment),
        "count": len(entries),
        "fewest": FEWEST,
        "rows": _rows(entries, problem) if len(entries) >= FEWEST else [],
        "own": own_words(assignment, newest.get(student)) if student else "",
    }


def own_words(assignment: Assignment, newest: Receipt | None) -> str:
    """Return in a sentence or two how a student takes part, and why not where the student asked for it.

    Args:
        assignment: with an open problem.
        newest: the student's newest submission of it, None without one.
    """
    if newest is None:
        return "아직 제출하지 않았습니다."
    if newest.state is ReceiptState.REFUSED:
        return "마지막 제출물을 받지 못해 게시판에 올린 수가 없습니다."
    stated = _stated(newest)
    if stated is None:
        return "마지막 제출물을 아직 읽지 않았습니다."
    return stated_words(stated, assignment) or "마지막 제출물에서 참여하지 않아 게시판에 올린 수가 없습니다."


def stated_words(stated: Stated, assignment: Assignment) -> str:
    """Return what becomes of a stated number, "" where the student does not ask to take part."""
    problem = _problem(assignment)
    if not (stated.share or stated.trouble):
        return ""
    number, spent = amount(stated.number or 0.0), amount(stated.spent or 0.0)
    reason = _reason(stated, problem)
    if not reason:
        return fill(
            "{measure} {number}{number:을/를} 게시판에 이름 없이 올렸습니다. 쓴 {unit}{unit:은/는} {spent}개입니다.",
            measure=problem.measure,
            number=number,
            unit=problem.unit,
            spent=spent,
        )
    words = fill(
        _TROUBLES[reason],
        number=number,
        spent=spent,
        unit=problem.unit,
        budget=amount(problem.budget),
        least=amount(problem.least),
        most=amount(problem.most),
        short=_short(assignment),
        measure=problem.measure,
    )
    in_percent = reason == _OUT_OF_RANGE and problem.most == 1 and 1 < (stated.number or 0.0) <= 100
    return f"게시판에 올리지 않았습니다. {words}{_PERCENT if in_percent else ''}"


def amount(value: float) -> str:
    """Return a number as people read it: ``2,900``, ``0.8125``, with at most four digits behind a long one's point."""
    if abs(value) >= 1e15:
        return f"{value:.3e}"
    if value == round(value) or abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{value:.4g}"


def _problem(assignment: Assignment) -> OpenProblem:
    assert assignment.open_problem is not None
    return assignment.open_problem


def _example(assignment: Assignment) -> str:
    """Return a call as students may write it."""
    problem = _problem(assignment)
    baseline, budget = (repr(int(v)) if v.is_integer() else repr(v) for v in (problem.baseline, problem.budget))
    return f'open_problem("{_short(assignment)}", number={baseline}, spent={budget}, share=True)'


def _short(assignment: Assignment) -> str:
    """Return what a notebook calls the assignment: ``05``."""
    return assignment.id.partition("-")[0]


def _newest(rows: Sequence[Receipt]) -> dict[str, Receipt]:
    """Return each student's newest receipt; `rows` come newest first."""
    found: dict[str, Receipt] = {}
    for receipt in rows:
        if receipt.student:
            found.setdefault(receipt.student, receipt)
    return found


def _stated(receipt: Receipt) -> Stated | None:
    """Return what a submission says, None while it has not been read."""
    if receipt.stated is None:
        return None
    return Stated.from_dict(receipt.stated) if receipt.stated else Stated()


def _reason(stated: Stated, problem: OpenProblem) -> str:
    """Return why a submission has no entry, "" if it has one."""
    if not stated.share or stated.number is None or stated.spent is None:
        return stated.trouble or "quiet"
    if not problem.least <= stated.number <= problem.most:
        return _OUT_OF_RANGE
    if stated.spent < 0 or stated.spent != round(stated.spent):
        return _NO_COUNT
    return _OVER_BUDGET if stated.spent > problem.budget else ""


def _rows(entries: Sequence[tuple[float, float, bool]], problem: OpenProblem) -> list[dict[str, Any]]:
    """Return the entries, best first and of equal ones the cheaper, the baseline behind those that are as good."""
    sign = -1.0 if problem.better == "high" else 1.0
    order = sorted(entries, key=lambda entry: (sign * entry[0], entry[1], not entry[2]))
    rows = []
    for number, spent, own in order:
        rows.append(
            {
                "place": 1 + sum(sign * other < sign * number for other, _, _ in order),
                "number": amount(number),
                "difference": _difference(number - problem.baseline),
                "spent": amount(spent),
                "own": own,
                "baseline": False,
            }
        )
    behind = sum(sign * number <= sign * problem.baseline for number, _, _ in order)
    line = {"place": None, "number": amount(problem.baseline), "difference": "", "spent": "", "own": False}
    rows.insert(behind, {**line, "baseline": True})
    return rows


def _difference(value: float) -> str:
    shown = amount(abs(round(value, 12)))
    return "0" if shown == "0" else f"{'+' if value > 0 else '−'}{shown}"
