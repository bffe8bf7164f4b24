"""What is wrong with a collected suite: marks, points, names, fixtures and stand-ins, each with its file and line.

Pure: it reads what pytest collected and what `suite_files` read, and runs nothing. `Suite` decides what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment_file import line_of_question
from autograder.findings import Finding, did_you_mean
from autograder.judge.marks import MOST_ERROR_RATE
from autograder.judge.probes import STAND_IN, ProbeFile
from autograder.judge.pytest_session import PytestSession
from autograder.judge.suite_files import Source, raised
from autograder.korean import fill
from autograder.model import Assignment, Question

__all__ = ["Collected", "leans_of", "points_of", "question_of", "rate_of", "suite_problems"]

FIXTURES = ("device", "generator", "reference", "request", "rng", "student")
"""What `SuitePlugin` gives, for the near name of a misspelt one."""


class Collected:
    """What there is to check.

    Args:
        assignment: whose suite it is.
        sources: the test files by name, in the order of the questions.
        session: what pytest made of them.
        probes: the parsed ``probes.py``, or None where it does not parse.
    """

    def __init__(
        self,
        assignment: Assignment,
        sources: Mapping[str, Source],
        session: PytestSession,
        probes: ProbeFile | None,
    ) -> None:
        self.assignment = assignment
        self.sources = sources
        self.session = session
        self.probes = probes

    def line(self, item: pytest.Item) -> int:
        """Return the line of the item's ``def``."""
        name = item.originalname if isinstance(item, pytest.Function) else item.name
        source = self.sources.get(item.path.name)
        if source is not None and name in source.functions:
            return source.functions[name]
        return item.function.__code__.co_firstlineno if isinstance(item, pytest.Function) else 0

    def at(self, item: pytest.Item, code: str, template: str, **words: object) -> Finding:
        """Return a finding at a test."""
        return Finding(code, fill(template, **words), item.path.name, self.line(item), item.nodeid)


def question_of(path: Path) -> str:
    """Return the id of the question that a test file belongs to."""
    return path.stem.removeprefix("test_")


def points_of(item: pytest.Function) -> float | None:
    """Return what the test is worth, 0 for a badge, or None where its mark is missing or wrong."""
    if item.get_closest_marker("gpu") is not None:
        return 0.0
    mark = item.get_closest_marker("points")
    value = mark.args[0] if mark is not None and len(mark.args) == 1 and not mark.kwargs else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        return None
    return float(value)


def rate_of(item: pytest.Function) -> float:
    """Return how often the test fails a right work, as it states; 0 where it states nothing."""
    return sum(float(found.args[0]) for found in item.iter_markers("error_rate"))


def suite_problems(found: Collected, companions: Sequence[Finding] = ()) -> list[Finding]:
    """Return everything that is wrong with a collected suite and its `companions`, in the order of files and lines."""
    problems = [*companions, *_files(found), *_unreadable(found), *_items(found), *_twice(found), *_sums(found)]
    problems += _rates(found)
    return _sorted(found, problems)


def _rates(found: Collected) -> Iterator[Finding]:
    tests = [item for item in found.session.items if isinstance(item, pytest.Function)]
    total = sum(map(rate_of, tests))
    if total > MOST_ERROR_RATE:
        worst = max(tests, key=rate_of)
        message = "맞는 답이 우연히 틀릴 확률(@error_rate)의 합이 {most}보다 큽니다. 가장 큰 것은 {name} 테스트입니다."
        text = fill(message, most=f"{MOST_ERROR_RATE:g}", name=worst.name)
        yield Finding("suite-error-rate", text, worst.path.name, found.line(worst), f"sum {total:.3g}")


def _sorted(found: Collected, problems: Sequence[Finding]) -> list[Finding]:
    """Return each problem once, in the order of the files, companions first."""
    order = {name: place for place, name in enumerate(("assignment.toml", "reference.py", "probes.py", *found.sources))}
    unique = {(p.code, p.file, p.line, p.message): p for p in problems}.values()
    return sorted(unique, key=lambda p: (order.get(p.file, -1), p.line))


def _files(found: Collected) -> Iterator[Finding]:
    for source in found.sources.values():
        yield from source.findings
    questions = {question.id: question for question in found.assignment.questions}
    for name, source in found.sources.items():
        own = question_of(source.path)
        if own not in questions:
            message = "{name}에 해당하는 문항 '{own}'{own:이/가} assignment.toml에 없습니다.{hint}"
            hint = did_you_mean(own, questions)
            text = fill(message, name=name, own=own, hint=hint)
            yield Finding("suite-no-tests", text, name, source.first_line, f"no question {own!r}")
        elif questions[own].manual:
            message = "{own} 문항은 사람이 채점하는 문항인데 테스트가 있습니다."
            yield Finding("suite-manual", fill(message, own=own), name, source.first_line)
    for question in found.assignment.questions:
        if not question.manual and f"test_{question.id}.py" not in found.sources:
            line = line_of_question(found.assignment.suite_dir / "assignment.toml", question.id)
            message = "{own} 문항의 테스트 파일 test_{own}.py가 없습니다."
            yield Finding("suite-no-tests", fill(message, own=question.id), "assignment.toml", line)


def _unreadable(found: Collected) -> Iterator[Finding]:
    for broken in found.session.unreadable:
        source = found.sources.get(broken.path.name)
        if source is not None and source.fatal:
            continue  # the text alone has said so
        if broken.error is None:
            message = "파일 전체를 건너뛰게 되어 있습니다. pytest.skip과 importorskip은 쓸 수 없습니다."
            line = source.first_line if source is not None else 0
            yield Finding("suite-import", message, broken.path.name, line, broken.text)
        else:
            yield _explained(found, raised(broken.path.name, found.assignment.suite_dir, broken.error, broken.text))


def _explained(found: Collected, finding: Finding) -> Finding:
    """Return the finding at the place of the test that pytest names, where the traceback is all pytest's."""
    source = found.sources.get(finding.file)
    if finding.line or source is None:
        return finding
    text = finding.message + finding.detail
    named = [line for name, line in source.functions.items() if f"::{name}" in text or f"{name}:" in text]
    return Finding(finding.code, finding.message, finding.file, min(named, default=source.first_line), finding.detail)


def _items(found: Collected) -> Iterator[Finding]:
    for item in found.session.items:
        if not isinstance(item, pytest.Function):
            yield found.at(item, "suite-not-a-test", "테스트 함수가 아닌 것이 있습니다: {name}", name=item.name)
            continue
        if item.cls is not None:
            continue  # said of the class
        name = item.originalname
        if not (item.function.__doc__ or "").strip():
            yield found.at(item, "suite-docstring", "테스트 {name}에 설명(docstring)이 없습니다.", name=name)
        yield from _marks(found, item)
        yield from _fixtures(found, item)
        yield from _parameters(found, item)
        for lean in leans_of(item):
            if found.probes is not None and not found.probes.has(STAND_IN + lean):
                stand_ins = [n.removeprefix(STAND_IN) for n in found.probes.definitions if n.startswith(STAND_IN)]
                message = (
                    "테스트 {name}의 leans_on에 적은 함수의 {stand_in}{stand_in:이/가} probes.py에 없습니다.{hint}"
                )
                words = {"name": name, "stand_in": STAND_IN + lean, "hint": did_you_mean(lean, stand_ins)}
                yield found.at(item, "suite-stand-in", message, **words)


def leans_of(item: pytest.Function) -> tuple[str, ...]:
    """Return the earlier functions that a test leans on, each once."""
    return tuple(dict.fromkeys(str(name) for mark in item.iter_markers("leans_on") for name in mark.args))


def _marks(found: Collected, item: pytest.Function) -> Iterator[Finding]:
    name = item.originalname
    badge = item.get_closest_marker("gpu") is not None
    mark = item.get_closest_marker("points")
    if mark is None and not badge:
        yield found.at(item, "suite-mark", "테스트 {name}에 배점(@points)이 없습니다.", name=name)
    elif mark is not None and not badge and points_of(item) is None:
        value = ", ".join(map(repr, mark.args))
        message = "테스트 {name}의 배점(points)에는 0보다 큰 수 하나를 적어야 합니다. 지금은 points({value})입니다."
        yield found.at(item, "suite-mark", message, name=name, value=value)
    if sum(own.name == "points" for own in item.own_markers) > 1:
        yield found.at(item, "suite-mark", "테스트 {name}에 배점(@points)이 두 번 있습니다.", name=name)


def _fixtures(found: Collected, item: pytest.Function) -> Iterator[Finding]:
    for missing in found.session.missing_fixtures(item):
        source = found.sources.get(item.path.name)
        known = {*FIXTURES, *(source.functions if source is not None else ())}
        asker = getattr(missing.asker, "__name__", item.originalname)
        code = getattr(missing.asker, "__code__", None)
        line = source.functions.get(asker) if source is not None else None
        message = "{asker}에서 쓰는 fixture '{name}'{name:이/가} 없습니다.{hint}"
        text = fill(message, asker=asker, name=missing.name, hint=did_you_mean(missing.name, known))
        at = line or (code.co_firstlineno if code is not None else found.line(item))
        yield Finding("suite-fixture", text, item.path.name, at, item.nodeid)


def _parameters(found: Collected, item: pytest.Function) -> Iterator[Finding]:
    """Find parameters of one id: pytest numbers them, and then a name in a report says nothing."""
    for mark in item.iter_markers("parametrize"):
        shown = _shown_ids(mark)
        again = sorted({text for text in shown if shown.count(text) > 1})
        if again:
            message = "테스트 {name}의 parametrize에 같은 값이나 id가 두 번 있습니다: {again}"
            yield found.at(item, "suite-twice", message, name=item.originalname, again=", ".join(again))


def _shown_ids(mark: pytest.Mark) -> list[str]:
    """Return the ids of a parametrize mark, as far as they are plain to see."""
    values = mark.args[1] if len(mark.args) > 1 else mark.kwargs.get("argvalues", ())
    ids = mark.args[3] if len(mark.args) > 3 else mark.kwargs.get("ids")
    if isinstance(ids, list | tuple):
        return [id_ for id_ in ids if isinstance(id_, str)]
    if not isinstance(values, list | tuple) or ids is not None:
        return []
    return [shown for value in values if (shown := _shown_id(value)) is not None]


def _shown_id(value: Any) -> str | None:
    own = getattr(value, "id", None)
    if isinstance(own, str):
        return own
    plain = value if isinstance(value, tuple) else (value,)
    return repr(value) if all(type(part) in (str, int, float, bool) for part in plain) else None


def _twice(found: Collected) -> Iterator[Finding]:
    homes: dict[str, pytest.Item] = {}
    for item in found.session.items:
        first = homes.setdefault(item.name, item)
        if first is not item:
            message = "테스트 이름 {name}{name:이/가} 두 번 쓰였습니다. {where} {line}번째 줄에도 있습니다."
            words = {"name": item.name, "where": first.path.name, "line": found.line(first)}
            yield found.at(item, "suite-twice", message, **words)


def _sums(found: Collected) -> Iterator[Finding]:
    """Compare the points of each file whose tests are all known with its question's."""
    broken = {unreadable.path.name for unreadable in found.session.unreadable}
    for question in found.assignment.questions:
        name = f"test_{question.id}.py"
        source = found.sources.get(name)
        if source is None or source.fatal or question.manual or name in broken:
            continue
        own = [item for item in found.session.items if item.path.name == name and isinstance(item, pytest.Function)]
        points = [points_of(item) for item in own]
        if None not in points:
            yield from _sum(question, source, {item.name: p for item, p in zip(own, points, strict=True) if p})


def _sum(question: Question, source: Source, points: Mapping[str, float]) -> Iterator[Finding]:
    total = sum(points.values())
    if abs(total - question.points) <= 1e-9:
        return
    each = ", ".join(f"{name} {value:g}점" for name, value in points.items()) or "테스트 없음"
    message = "{own} 문항의 배점 합계 {total:g}점이 assignment.toml의 {stated:g}점과 다릅니다. {each}"
    text = fill(message, own=question.id, total=total, stated=question.points, each=each)
    yield Finding("suite-points", text, source.path.name, source.first_line)
