"""A spreadsheet runs nothing of what a row was given."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sinks.sheet import Sheet, excel_text, spreadsheet_text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u3000=1",
            "\xa0=1",
            "'=1",
            '"=1',
            "|x",
            "%x",
        ),
        *("＝1", "＋1", "－1", "＠1", "﹦1", "﹢1", "﹣1", "﹫1", "⁼1", "⁺1", "−1"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert spreadsheet_text(text).startswith("'")


@pytest.mark.parametrize("text", ["\ufeff=1", "\u200b=1", "\x00=1", "\u202e=1", "\ud800=1", "\x1b=1", "\u2028=1"])
def test_what_hides_before_a_formula_is_shown_and_so_it_is_none(text: str) -> None:
    assert spreadsheet_text(text).startswith("\\")


def test_a_cell_that_begins_behind_a_semicolon_is_no_formula_either() -> None:
    assert spreadsheet_text('a;=1+1; "@x;-3') == "a;'=1+1; \"'@x;'-3"


def test_numbers_stay_numbers_and_texts_that_look_like_one_stay_texts() -> None:
    sheet = Sheet(bom=True, excel=True)
    sheet.row(["007", -3.5, None, "-3.5", "kim"])

    assert sheet.text() == '\ufeff"=""007""",-3.5,,\'-3.5,kim\r\n'
    assert excel_text("kim") == "kim"


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_any_row_is_one_line_whose_cells_begin_no_formula(cells: list[str]) -> None:
    sheet = Sheet()
    sheet.row(cells)

    text = sheet.text()
    assert text.count("\r\n") == 1 and "\n" not in text[:-2] and "\r" not in text[:-2]
    [row] = csv.reader(io.StringIO(text, newline=""))
    assert len(row) == len(cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for cell in row)
    text.encode("utf-8")
