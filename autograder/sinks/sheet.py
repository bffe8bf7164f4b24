"""CSV (RFC 4180) for spreadsheets: one line a row, quoted where needed, and nothing in it that a spreadsheet would run.

Every text passes `spreadsheet_text` on its way into a row, the names of columns too; a number is given as a number.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable

from autograder.plain import visible

__all__ = ["Sheet", "excel_text", "spreadsheet_text"]

_LONGEST = 1000

# A cell that begins so is a formula to Excel, LibreOffice or Google Sheets (OWASP, CSV Injection); full-width, small
# and raised forms become these in Korean and Japanese editions, and U+2212 in some.
_FORMULA = set("=+-@|%\N{MINUS SIGN}")
_BEFORE = " '\""
"""What a spreadsheet, or a person who tidies a column, takes off before it looks at a cell."""
_NEXT_CELL = re.compile(r"(;[\s'\"]*)(?=(\S))")
"""Where a spreadsheet of a country that writes 3,5 begins another cell."""

# What Excel keeps as it is (a number of twelve digits is shown rounded), and what it takes for a number, date or time.
_WHOLE = re.compile(r"0|[1-9]\d{0,10}", re.ASCII)
_MISTAKEN = re.compile(
    r"\d[\d ./:eE-]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ./-]?\d{1,4}", re.ASCII | re.IGNORECASE
)


class Sheet:
    """Rows of one file.

    Args:
        number: how a number is written.
        bom: begin with U+FEFF, without which Excel reads UTF-8 as CP949 on a Korean machine.
        excel: keep Excel from taking a text for a number or a date (``="007"``).

    Example:
        >>> sheet = Sheet()
        >>> sheet.row(["=1+1", 3.5, None])
        >>> sheet.text()
        "'=1+1,3.5,\\r\\n"
    """

    def __init__(
        self, *, number: Callable[[float], str] = "{:g}".format, bom: bool = False, excel: bool = False
    ) -> None:
        self._number = number
        self._excel = excel
        self._buffer = io.StringIO("\ufeff" if bom else "", newline="")
        self._buffer.seek(0, io.SEEK_END)
        self._writer = csv.writer(self._buffer, lineterminator="\r\n")

    def row(self, cells: Iterable[str | float | None]) -> None:
        """Add a row; None is an empty cell."""
        self._writer.writerow([self._cell(value) for value in cells])

    def text(self) -> str:
        """Return the file."""
        return self._buffer.getvalue()

    def _cell(self, value: str | float | None) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._number(value)
        text = spreadsheet_text(value)
        return excel_text(text) if self._excel else text


def spreadsheet_text(value: str) -> str:
    """Return text for a cell: one line, cleaned, and with ``'`` before anything that would be read as a formula."""
    text = " ".join(visible(value[: 2 * _LONGEST]).split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    inner = _NEXT_CELL.sub(lambda match: match[1] + ("'" if _is_formula(match[2]) else ""), text)
    return f"'{inner}" if _is_formula(text.lstrip(_BEFORE)[:1]) else inner


def excel_text(value: str) -> str:
    """Return text for a cell of a file that Excel opens: ``="007"`` for what it would take for a number or a date.

    >>> excel_text("0071"), excel_text("20231234"), excel_text("sep2"), excel_text("kim")
    ('="0071"', '20231234', '="sep2"', 'kim')
    """
    return f'="{value}"' if _MISTAKEN.fullmatch(value) and not _WHOLE.fullmatch(value) else value


def _is_formula(first: str) -> bool:
    return not _FORMULA.isdisjoint(unicodedata.normalize("NFKC", first))
