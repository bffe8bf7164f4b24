"""Owns how a table that people keep in a spreadsheet is read: the encodings and separators in which Excel saves CSV.

Refuses what is no text, and a header without the column that must be there. Rows keep the number of their line, so that
whoever finds fault with one can say where it stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import IntakeError

__all__ = ["Row", "Sheet", "read_table"]

_MAX_BYTES = 8_000_000
"""A class of 100,000 with every column has 8 MB; what is larger is another file."""
_SEPARATORS = ",\t;"
_SHOWN = 5
"""So many faults are named at once; who has more of them has the wrong file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table is called and which columns it may have.

    Args:
        kind: beginning of the error codes: ``KIND-unreadable``, ``KIND-invalid``.
        called: the Korean name of the table, with its particle for "is read" (``수강생 명단을``).
        columns: for each field its headings, the Korean one first.
        needed: fields that must have a column.
    """

    kind: str
    called: str
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def unreadable(self, why: str, path: Path, detail: str = "") -> IntakeError:
        """Return the error for a file that is no such table at all."""
        return IntakeError(
            f"{self.kind}-unreadable", f"{self.called} 읽을 수 없습니다. {why}", detail=detail or str(path)
        )

    def invalid(self, faults: Collection[str], path: Path) -> IntakeError:
        """Return the error for a table with these faults."""
        told = " ".join(list(faults)[:_SHOWN])
        more = f" (그 밖에 {len(faults) - _SHOWN}곳)" if len(faults) > _SHOWN else ""
        return IntakeError(f"{self.kind}-invalid", f"{self.called} 쓸 수 없습니다. {told}{more}", detail=str(path))


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds anything: the number of its line, and its fields (missing ones are empty)."""

    line: int
    fields: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.fields.get(field, "")


def read_table(path: Path, sheet: Sheet) -> list[Row]:
    """Return the rows of a CSV file: UTF-8, UTF-16 or CP949; comma, tab or semicolon; columns in any order.

    Raises:
        IntakeError: ``KIND-unreadable`` (no such file, no text, an Excel workbook), ``KIND-invalid`` (no header, a
            needed column is missing, a column is there twice).
    """
    text = _text(path, sheet)
    lines = text.splitlines(keepends=True)
    skipped = 0
    separator = ""
    if lines and (told := re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE)):  # Excel's own first line
        separator, skipped = told[1], 1
    if not any(line.strip() for line in lines[skipped:]):
        raise sheet.invalid(["빈 파일입니다. 첫 줄에 열 이름이 있어야 합니다."], path)
    head = next(line for line in lines[skipped:] if line.strip())
    separator = separator or max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO("".join(lines[skipped:]), newline=""), delimiter=separator)
    rows: list[Row] = []
    places: dict[str, int] | None = None
    try:
        for cells in reader:
            values = [_value(cell) for cell in cells]
            if not any(values):
                continue
            if places is None:
                places = _places(values, sheet, path)
                continue
            fields = {field: values[place] for field, place in places.items() if place < len(values)}
            if any(fields.values()):
                rows.append(Row(reader.line_num + skipped, fields))
    except csv.Error as error:
        raise sheet.unreadable("CSV로 다시 저장하세요.", path, f"line {reader.line_num + skipped}: {error}") from error
    return rows


def _text(path: Path, sheet: Sheet) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise sheet.unreadable("경로와 권한을 확인하세요.", path, str(error)) from error
    if len(data) > _MAX_BYTES:
        raise sheet.unreadable(f"파일이 너무 큽니다(최대 {_MAX_BYTES // 1_000_000}MB).", path)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise sheet.unreadable("엑셀 통합 문서입니다. '다른 이름으로 저장'에서 CSV로 저장하세요.", path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif (zero := data.find(b"\0", 0, 4000)) >= 0:  # the first character of ASCII has its zero before it or behind it
        encodings = ["utf-16-be" if zero % 2 == 0 else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp949"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise sheet.unreadable("글자 인코딩을 알 수 없습니다. UTF-8 CSV로 저장하세요.", path)


def _value(cell: str) -> str:
    """Return a cell's text without what Excel and we put around it to keep it a text: ``="007"``, ``'=x``."""
    text = cell.strip()
    if formula := re.fullmatch(r'="(.*)"', text):
        text = formula[1]
    return re.sub(r"^'(?=[=+\-@|%＝＋－＠])", "", text).strip()


def _places(header: list[str], sheet: Sheet, path: Path) -> dict[str, int]:
    known = {_heading(name): field for field, names in sheet.columns.items() for name in names}
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        field = known.get(_heading(name))
        if field is None:
            continue
        if field in places:
            raise sheet.invalid([f"'{sheet.columns[field][0]}' 열이 둘 이상입니다. 하나만 남기세요."], path)
        places[field] = place
    missing = [sheet.columns[field][0] for field in sheet.needed if field not in places]
    if missing:
        known_as = ", ".join(names[0] for names in sheet.columns.values())
        wanted = ", ".join(f"'{name}'" for name in missing)
        raise sheet.invalid([f"첫 줄에 {wanted} 열이 없습니다. (쓸 수 있는 열: {known_as})"], path)
    return places


def _heading(name: str) -> str:
    return re.sub(r"[\s_.()\-]+", "", name).casefold()
