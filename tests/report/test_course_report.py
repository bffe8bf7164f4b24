"""What staff read first when a folder holds several assignments."""

from __future__ import annotations

import dataclasses
import re

from autograder.report import course_report_html
from tests.report import records as sample
from tests.report.test_feedback import words

ONE = sample.assignment()
TWO = dataclasses.replace(ONE, id="02-two", title="둘째")
EVERYBODY = sample.everybody()


def page() -> str:
    records = {ONE.id: EVERYBODY, TWO.id: EVERYBODY[:2]}
    return course_report_html(records, [ONE, TWO], {ONE.id: "report-01.html", TWO.id: "report-02.html"})


def rows(html: str) -> list[str]:
    return [words(row) for row in re.findall(r"<tr>(.*?)</tr>", html)]


def test_each_assignment_is_a_line_with_a_link_to_its_report() -> None:
    html = page()
    lines = [row for row in rows(html) if "/ 100" in row]
    assert len(lines) == 2
    assert re.search(r'<a href="report-01.html">', html)
    assert " 8 3 2 84 / 100" in lines[0]
    assert " 2 " in lines[1]


def test_each_student_is_a_row_and_a_missing_submission_is_blank() -> None:
    html = page()
    for record in EVERYBODY:
        assert sum(record.student in row for row in rows(html)) == (record.student in words(html))
    absent = EVERYBODY[-1]
    cells = re.search(rf"{re.escape(absent.student)}</bdi></th>(.*?)</tr>", html)
    assert cells is None or re.search(r'<td class="num"></td>$', cells[1])


def test_each_score_is_a_link_to_the_feedback() -> None:
    html = course_report_html(
        {ONE.id: EVERYBODY}, [ONE], {ONE.id: "report.html"}, feedback=lambda record: f"feedback/{record.student}.html"
    )
    for record in EVERYBODY:
        assert f'<a href="feedback/{record.student}.html">' in html


def test_names_are_escaped() -> None:
    evil = dataclasses.replace(EVERYBODY[0], student="<script>1</script>")
    html = course_report_html({ONE.id: [evil]}, [ONE], {ONE.id: "report.html"})
    assert "<script" not in html
