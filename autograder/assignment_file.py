"""Reads one ``assignment.toml`` and names each mistake in it by its line.

Owns the file's form (the structs below; ``[limits]`` is made of `model.Limits`, so there is one table of limits) and
every complaint about it. Finding the file, and what an assignment is beside it, is for `catalog`. Neither tomllib nor
msgspec says where a key stands, so `toml_lines` looks again at the text.
"""

from __future__ import annotations

import dataclasses
import keyword
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec

from autograder.findings import Finding, did_you_mean, file_error
from autograder.korean import fill
from autograder.model import Limits
from autograder.toml_lines import Where, toml_lines

__all__ = [
    "AssignmentFile",
    "LimitsTable",
    "OpenProblemTable",
    "QuestionKind",
    "QuestionTable",
    "line_of_question",
    "problems_of",
    "read_assignment_file",
]

FILE = "assignment.toml"

_BEYOND = 1e300
"""No number of a measure, and no budget, is so far from 0; TOML's whole numbers can be too large for a float."""
_LARGEST = 1e9
"""Largest number of a measure that states no other end: more steps, samples or parameters than a notebook can use."""

_QUESTION_ID = re.compile(r"[A-Za-z0-9_-]+")

QuestionKind = Literal["typing", "finding", "debugging", "designing"]
"""What a question asks of a student: write down a rule that stands above the cell; derive, prove, measure or decide
what does not; find a fault and mend it; build a procedure or an experiment to a stated property."""


class QuestionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ``[[questions]]``; see `model.Question` for what each key means."""

    id: str
    title: str
    points: int | float
    manual: bool = False
    names: tuple[str, ...] = ()
    solution_cell: str | None = None
    check_cell: str | None = None
    kind: QuestionKind | None = None
    formerly: tuple[str, ...] = ()


LimitsTable = msgspec.defstruct(
    "LimitsTable",
    [(f.name, int if isinstance(f.default, int) else int | float, f.default) for f in dataclasses.fields(Limits)],
    frozen=True,
    forbid_unknown_fields=True,
)
"""``[limits]``: the fields of `model.Limits`, where seconds may be whole numbers."""


class OpenProblemTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[open_problem]``; see `model.OpenProblem` for what each key means.

    `least` and `most` are the ends of what the measure can be. Without `most` it is 1 where the number is a share (a
    high one is good, and the baseline is at most 1), so that 81 for 0.81 is not the best of the class; else 1e9.
    """

    title: str
    measure: str
    better: Literal["high", "low"]
    baseline: int | float
    budget: int | float
    unit: str
    least: int | float = 0
    most: int | float | None = None

    @property
    def upper_end(self) -> float:
        """The largest number that the measure can be."""
        if self.most is not None:
            return self.most
        return 1.0 if self.better == "high" and self.baseline <= 1 else _LARGEST


class AssignmentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file; see `model.Assignment` for what each key means. `points` is what the questions must sum to."""

    title: str
    notebook: str
    questions: tuple[QuestionTable, ...]
    points: int | float = 100
    runner: Literal["cpu", "gpu"] = "cpu"
    extra_files: tuple[str, ...] = ()
    limits: Limits = Limits()
    open_problem: OpenProblemTable | None = None


_WANTED: Mapping[Any, str] = {
    str: '문자열("...")',
    bool: "true나 false",
    int: "정수",
    int | float: "수",
    int | float | None: "수",
    tuple[str, ...]: '문자열의 목록(["...", "..."])',
    str | None: '문자열("...")',
    Literal["cpu", "gpu"]: '"cpu"나 "gpu"',
    QuestionKind | None: '"typing", "finding", "debugging", "designing" 가운데 하나',
    Literal["high", "low"]: '"high"나 "low"',
}
"""What a person reads about the type of a key."""


def read_assignment_file(path: Path) -> AssignmentFile:
    """Return the file's content.

    Args:
        path: an ``assignment.toml``; its folder's name is the assignment's id.

    Raises:
        AssignmentError: ``assignment-invalid``: it cannot be read, or something in it is wrong; the message names the
            line of the first mistake, the detail lists all.
    """
    content, findings = _examined(path)
    if content is None:
        raise file_error(path.parent.name, findings)
    return content


def problems_of(path: Path) -> tuple[Finding, ...]:
    """Return everything that is wrong with an ``assignment.toml``, in the order of its lines."""
    return _examined(path)[1]


def line_of_question(path: Path, question_id: str) -> int:
    """Return the line on which a question of the file begins, 0 if it cannot be found."""
    try:
        text = path.read_text(encoding="utf-8")
        ids = [table.get("id") for table in tomllib.loads(text)["questions"]]
        return toml_lines(text).line("questions", ids.index(question_id))
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return 0


def _examined(path: Path) -> tuple[AssignmentFile | None, tuple[Finding, ...]]:
    try:
        text = path.read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        return None, (_unreadable("파일을 읽을 수 없습니다.", 0, error),)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, (_unreadable("UTF-8로 저장한 파일이 아닙니다. UTF-8로 다시 저장하세요.", line, error),)
    except tomllib.TOMLDecodeError as error:
        stated = re.search(r"at line (\d+)", str(error))
        line = int(stated[1]) if stated else text.rstrip().count("\n") + 1
        message = "TOML 문법에 맞지 않습니다. 따옴표와 괄호를 닫았는지, 같은 키를 두 번 적지 않았는지 확인하세요."
        return None, (_unreadable(message, line, error),)
    except RecursionError as error:
        return None, (_unreadable("값이 너무 깊이 겹쳐 있습니다.", 0, error),)

    reader = _Reader(tables, toml_lines(text))
    content = reader.file()
    found = tuple(sorted(reader.findings, key=lambda finding: finding.line))
    return (None if found else content), found


def _unreadable(message: str, line: int, error: Exception) -> Finding:
    return Finding("toml-unreadable", message, FILE, line, f"{type(error).__name__}: {error}")


class _Reader:
    """Goes through the tables once and notes every mistake; a value that is wrong is left out of what follows."""

    def __init__(self, tables: dict[str, Any], where: Where) -> None:
        self.findings: list[Finding] = []
        self._tables = tables
        self._where = where

    def file(self) -> AssignmentFile | None:
        """Return the content, or None (or something useless) where `findings` are not empty."""
        apart = {"limits", "questions", "open_problem"}
        plain = {key: value for key, value in self._tables.items() if key not in apart}
        fields = self._fields(AssignmentFile, plain, (), apart=apart)
        self._check_file(fields)
        limits = self._limits()
        open_problem = self._open_problem()
        questions = self._questions()
        self._check_points(fields, questions)
        if self.findings or limits is None:
            return None
        made = tuple(msgspec.convert(question, QuestionTable) for question in questions)
        return AssignmentFile(**fields, limits=limits, questions=made, open_problem=open_problem)

    def _note(self, code: str, where: Sequence[str | int], template: str, **words: object) -> None:
        self.findings.append(Finding(code, fill(template, **words), FILE, self._where.line(*where)))

    def _fields(
        self,
        struct: type[msgspec.Struct],
        table: Mapping[str, Any],
        where: tuple[str | int, ...],
        apart: frozenset[str] | set[str] = frozenset(),
    ) -> dict[str, Any]:
        """Return the values of a table that are of the right type; note the others, unknown keys and missing ones."""
        fields = {field.name: field for field in msgspec.structs.fields(struct)}
        for key in table.keys() - fields.keys():
            hint = did_you_mean(key, fields) or " 다른 과제의 assignment.toml을 참고하세요."
            self._note("toml-unknown-key", (*where, key), "모르는 키 '{key}'입니다.{hint}", key=key, hint=hint)
        good = {}
        for name, field in fields.items():
            if name in apart:
                continue
            if name not in table:
                if field.required:
                    self._note("toml-missing-key", where, "'{key}'{key:이/가} 없습니다.", key=name)
                continue
            try:
                good[name] = msgspec.convert(table[name], field.type)
            except msgspec.ValidationError:
                wanted, value = _WANTED[field.type], _shown(table[name])
                message = "'{key}'에는 {wanted}{wanted:을/를} 적어야 합니다. 지금은 {value}입니다."
                self._note("toml-wrong-type", (*where, name), message, key=name, wanted=wanted, value=value)
        return good

    def _check_file(self, fields: Mapping[str, Any]) -> None:
        self._check_filled(fields, ("title",), ())
        notebook = fields.get("notebook")
        if notebook is not None and not _plain_notebook(notebook):
            message = "notebook에는 폴더 없이 .ipynb로 끝나는 파일 이름을 적어야 합니다. 지금은 {value}입니다."
            self._note("toml-wrong-value", ("notebook",), message, value=_shown(notebook))
        for name in fields.get("extra_files", ()):
            if not _plain_relative(name):
                message = "extra_files에는 과제 폴더 안의 파일 이름만 적습니다. {value}{value:은/는} 쓸 수 없습니다."
                self._note("toml-wrong-value", ("extra_files",), message, value=_shown(name))
        self._check_positive(fields, ("points",), ())

    def _limits(self) -> Limits | None:
        table = self._tables.get("limits", {})
        if not isinstance(table, dict):
            self._note("toml-wrong-type", ("limits",), "limits는 [limits] 표로 적어야 합니다.")
            return None
        fields = self._fields(LimitsTable, table, ("limits",))
        self._check_positive(fields, tuple(fields), ("limits",))
        return Limits(**fields)

    def _open_problem(self) -> OpenProblemTable | None:
        """Return the table, None where there is none or something in it is wrong."""
        table = self._tables.get("open_problem")
        if table is None:
            return None
        if not isinstance(table, dict):
            self._note("toml-wrong-type", ("open_problem",), "open_problem은 [open_problem] 표로 적어야 합니다.")
            return None
        before = len(self.findings)
        fields = self._fields(OpenProblemTable, table, ("open_problem",))
        self._check_filled(fields, ("title", "measure", "unit"), ("open_problem",))
        if abs(fields.get("budget", 1)) < _BEYOND:
            self._check_positive(fields, ("budget",), ("open_problem",))
        for key in ("baseline", "budget", "least", "most"):
            value = fields.get(key)
            if value is not None and not abs(value) < _BEYOND:
                message = "'{key}'에는 유한한 수를 적어야 합니다. 지금은 {value}입니다."
                self._note("toml-wrong-value", ("open_problem", key), message, key=key, value=_shown(value))
        if len(self.findings) > before:
            return None
        made = OpenProblemTable(**fields)
        if not made.least <= made.baseline <= made.upper_end:
            message = "baseline은 least({least:g})보다 작거나 most({most:g})보다 클 수 없습니다. 지금은 {value}입니다."
            ends = {"least": float(made.least), "most": float(made.upper_end)}
            self._note("toml-wrong-value", ("open_problem", "baseline"), message, value=_shown(made.baseline), **ends)
        return made

    def _questions(self) -> list[dict[str, Any]]:
        tables = self._tables.get("questions", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._note("toml-wrong-type", ("questions",), "문항은 [[questions]] 표로 하나씩 적어야 합니다.")
            return []
        if not tables:
            self._note("toml-missing-key", (), "문항([[questions]])이 하나도 없습니다.")
        questions = [self._fields(QuestionTable, table, ("questions", n)) for n, table in enumerate(tables)]
        for n, question in enumerate(questions):
            self._check_question(question, ("questions", n))
        self._check_once([(n, question["id"]) for n, question in enumerate(questions) if "id" in question], "id")
        names = [(n, name) for n, question in enumerate(questions) for name in question.get("names", ())]
        self._check_once(names, "names")
        return questions

    def _check_question(self, question: Mapping[str, Any], where: tuple[str | int, ...]) -> None:
        self._check_filled(question, ("title", "solution_cell", "check_cell"), where)
        self._check_positive(question, ("points",), where)
        own = question.get("id")
        if own is not None and not _QUESTION_ID.fullmatch(own):
            message = "문항의 id에는 영문자, 숫자, _와 -만 쓸 수 있습니다. 지금은 {value}입니다."
            self._note("toml-wrong-value", (*where, "id"), message, value=_shown(own))
        for key in ("names", "formerly"):
            for name in question.get(key, ()):
                if not name.isidentifier() or keyword.iskeyword(name):
                    message = "{key}에는 함수의 이름을 적습니다. {value}{value:은/는} 파이썬의 이름이 아닙니다."
                    self._note("toml-wrong-value", (*where, key), message, key=key, value=_shown(name))
        for name in set(question.get("formerly", ())) & set(question.get("names", ())):
            message = "{value}{value:은/는} names에도 있습니다. formerly에는 이 문항이 더는 묻지 않는 함수를 적습니다."
            self._note("toml-wrong-value", (*where, "formerly"), message, value=_shown(name))

    def _check_filled(self, fields: Mapping[str, Any], keys: Sequence[str], where: tuple[str | int, ...]) -> None:
        for key in keys:
            if isinstance(fields.get(key), str) and not fields[key].strip():
                self._note("toml-wrong-value", (*where, key), "'{key}'{key:이/가} 비어 있습니다.", key=key)

    def _check_positive(self, fields: Mapping[str, Any], keys: Sequence[str], where: tuple[str | int, ...]) -> None:
        for key in keys:
            if key in fields and not 0 < fields[key] < math.inf:
                message = "'{key}'에는 0보다 큰 유한한 수를 적어야 합니다. 지금은 {value}입니다."
                self._note("toml-wrong-value", (*where, key), message, key=key, value=_shown(fields[key]))

    def _check_once(self, entries: Sequence[tuple[int, str]], key: str) -> None:
        seen: dict[str, int] = {}
        for n, value in entries:
            if value in seen:
                first = self._where.line("questions", seen[value], key)
                message = "{value}{value:은/는} {first}번째 줄에도 있습니다. 문항마다 달라야 합니다."
                self._note("toml-twice", ("questions", n, key), message, value=_shown(value), first=first)
            seen.setdefault(value, n)

    def _check_points(self, fields: Mapping[str, Any], questions: Sequence[Mapping[str, Any]]) -> None:
        """Compare the sum, unless a mistake above makes it meaningless."""
        if any(finding.code == "toml-wrong-type" for finding in self.findings):
            return
        all_points = [question.get("points", math.nan) for question in questions]
        stated = fields.get("points", math.nan if "points" in self._tables else 100)
        if not all_points or not all(0 < value < math.inf for value in (*all_points, stated)):
            return
        total = sum(float(question["points"]) for question in questions if not question.get("manual"))
        if abs(total - stated) > 1e-9:
            message = "자동 채점하는 문항의 배점을 더하면 {total:g}점인데 points는 {stated:g}점입니다."
            self._note("toml-points", ("points",), message, total=total, stated=float(stated))


def _plain_notebook(name: str) -> bool:
    return _plain_relative(name) and "/" not in name and name.endswith(".ipynb") and name != ".ipynb"


def _plain_relative(name: str) -> bool:
    """Return whether a name stays in its folder and means the same on every system."""
    parts = PurePosixPath(name).parts
    plain = bool(parts) and not name.startswith("/") and "/".join(parts) == name
    return plain and not {"..", "."} & set(parts) and not set(name) & set('\\:*?"<>|\0\n')


def _shown(value: object) -> str:
    """Return a value as TOML writes it, cut where it is long."""
    return "".join(_written(value))[:60]


def _written(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str):
        yield f"'{value}'"
    elif isinstance(value, list | tuple):
        yield "[" + ", ".join(map(_shown, value)) + "]"
    elif isinstance(value, dict):
        yield "표({...})"
    else:
        yield str(value)
