"""What staff read about a class."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.catalog import load_assignment
from autograder.class_views import write_class_views
from autograder.errors import IntakeError
from autograder.grading.ledger import JobKey, Ledger
from autograder.grading.records import file_stem, write_atomically, write_record
from autograder.model import Outcome, Submission
from autograder.report import class_report_html
from autograder.report.class_report import Links
from autograder.report.plots import bin_counts, histogram
from tests.report import records as sample
from tests.report.test_feedback import words

ASSIGNMENT = sample.assignment()


def fact(html: str, name: str) -> str:
    found = re.search(rf"<dt>{re.escape(name)}</dt><dd>(.*?)</dd>", html)
    assert found is not None, name
    return words(found.group(1))


def test_the_counts_say_how_many_are_done_and_how_many_need_a_person() -> None:
    html = class_report_html(sample.everybody(), ASSIGNMENT)
    assert fact(html, "제출물") == "8"
    assert fact(html, "점수가 나온 제출물") == "5"
    assert fact(html, "조교가 확인할 제출물") == "3"
    assert fact(html, "GPU 대기") == "2"
    assert fact(html, "한 건당 평균 시간") == "6.4초"


def test_median_and_quartiles_are_those_of_the_known_scores() -> None:
    html = class_report_html(sample.everybody(), ASSIGNMENT)  # 100, 83, 84, 96, 84
    assert fact(html, "중앙값") == "84 / 100"
    assert fact(html, "가운데 절반") == "84 ~ 96"
    assert fact(html, "평균") == "89.4"


def test_a_record_without_a_score_is_in_no_statistic_and_is_no_zero() -> None:
    html = class_report_html([sample.perfect(), sample.error(), sample.fatal()], ASSIGNMENT)
    assert fact(html, "중앙값") == "100 / 100"
    rates = re.findall(r'data-label="득점률">(.*?)</td>', html)
    assert rates[:7] == ["100%"] * 7
    assert rates[7] == "–"


def test_no_records_make_a_page_that_says_so() -> None:
    html = class_report_html([], ASSIGNMENT)
    assert "아직 제출물이 없습니다" in html
    assert fact(html, "중앙값") == "– / 100"


def test_one_record_has_a_median_and_no_quartiles() -> None:
    html = class_report_html([sample.partial()], ASSIGNMENT)
    assert fact(html, "중앙값") == "83 / 100"
    assert fact(html, "가운데 절반") == "–"


def test_five_hundred_records_are_all_in_the_table_sorted_by_id() -> None:
    many = [
        sample.record(f"s{i:03d}", sample.outcomes({"q3/1": (Outcome.FAILED, "틀림")} if i % 2 else None))
        for i in range(500)
    ]
    html = class_report_html(reversed(many), ASSIGNMENT)
    table = html[html.index('class="everyone"') :]
    assert re.findall(r"<bdi>(s\d+)</bdi>", table) == [f"s{i:03d}" for i in range(500)]
    assert fact(html, "제출물") == "500"
    assert len(html) < 2 * 2**20


def test_a_questions_success_is_its_mean_share_and_the_share_with_full_marks() -> None:
    lost = sample.outcomes({"q6/1": (Outcome.FAILED, "틀림")})
    html = class_report_html(
        [sample.record("a", lost), sample.record("b"), sample.record("c"), sample.record("d")], ASSIGNMENT
    )
    row = next(part for part in html.split("<tr>") if "층마다 줄어드는 비율" in part)
    assert re.findall(r'data-label="(?:득점률|만점 비율)">(.*?)</td>', row) == ["88%", "75%"]


def test_the_most_failed_tests_come_first_with_name_count_and_commonest_message() -> None:
    first = {"q3/1": (Outcome.FAILED, "흔한 안내"), "q1/0": (Outcome.FAILED, "드문 안내")}
    records = [sample.record("a", sample.outcomes(first))]
    records += [sample.record(f"b{i}", sample.outcomes({"q3/1": (Outcome.FAILED, "흔한 안내")})) for i in range(2)]
    records += [sample.record("c", sample.outcomes({"q3/1": (Outcome.BLOCKED, "다른 안내")}))]
    html = class_report_html(records, ASSIGNMENT)
    hardest = words(html[html.index('id="hard-title"') : html.index('id="rows-title"')])
    assert re.search(
        r"Q3 기대: N으로 나누어 평균을 냅니다. test_q3_1_named_in_secret 흔한 안내 \(다른 안내 1건\) 4 \(100%\) Q1 ",
        hardest,
    )


def test_a_test_that_ended_in_our_own_error_counts_for_no_one() -> None:
    assert "hard-title" not in class_report_html([sample.error()], ASSIGNMENT)


def test_who_needs_a_person_is_named_with_why_the_code_and_the_command() -> None:
    html = class_report_html(sample.everybody(), ASSIGNMENT, record_path=lambda r: f"graded/기록 {r.student}.json")
    text = words(html[html.index('id="people-title"') : html.index('id="picture-title"')])
    assert "2026-10005 채점 테스트가 스스로 실패했습니다." in text
    assert "test-error test_q5_2_named_in_secret" in text
    assert "학생에게 보인 안내: 노트북 파일이 끝까지 저장되지 않았습니다." in text
    assert "notebook-not-json" in text
    assert "autograder show &#39;graded/기록 2026-10008.json&#39;" in text


def test_a_record_made_without_confinement_is_for_a_person() -> None:
    html = class_report_html([sample.record(environment={"unsafe": True})], ASSIGNMENT)
    assert fact(html, "조교가 확인할 제출물") == "1"
    assert "격리 없이 채점한 기록입니다" in html


def test_hidden_inputs_and_expected_values_are_on_no_class_page() -> None:
    assert "0.7310585786" not in class_report_html([*sample.everybody(), sample.hostile()], ASSIGNMENT)


def test_what_became_no_record_is_on_top_with_its_code() -> None:
    error = IntakeError("source-unreadable", "압축 파일을 읽을 수 없습니다.", detail="BadZipFile")
    text = words(class_report_html([sample.perfect()], ASSIGNMENT, errors=[error]))
    assert "기록이 되지 못한 것 1건 압축 파일을 읽을 수 없습니다. source-unreadable BadZipFile" in text


def test_the_class_page_holds_no_script_style_attribute_or_foreign_address() -> None:
    html = class_report_html([*sample.everybody(), sample.hostile()], ASSIGNMENT)
    for _, attributes in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)([^>]*)>", html):
        assert not re.search(r"\s(on\w+|style|src|href)\s*=", re.sub(r'"[^"]*"', '""', attributes))
    assert "<script" not in html


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.0], [1, *[0] * 9]),
        ([100.0, 90.0, 89.99], [*[0] * 8, 1, 2]),
        ([-5.0, 150.0], [1, *[0] * 8, 1]),
        ([], [0] * 10),
    ],
)
def test_each_score_falls_into_one_tenth_and_full_marks_into_the_last(scores: list[float], expected: list[int]) -> None:
    assert bin_counts(scores, 100) == expected


def test_the_histogram_says_in_words_what_it_draws() -> None:
    assert 'aria-label="점수 분포. 제출물 3건, 중앙값 95점. 50점부터 1건, 90점부터 2건"' in histogram(
        [55, 95, 100], 100
    )


def test_an_assignment_without_points_breaks_no_histogram() -> None:
    assert bin_counts([0.0, 3.0], 0) == [2, *[0] * 9]
    assert "<svg" in histogram([0.0], 0)


def test_templates_travel_with_the_package() -> None:
    folder = Path(__file__).parents[2] / "autograder" / "report" / "templates"
    assert {p.name for p in folder.iterdir()} == {
        "base.html.j2",
        "class_report.html.j2",
        "class_sections.html.j2",
        "course_report.html.j2",
        "feedback.html.j2",
        "style.css",
    }


def test_each_student_has_links_to_feedback_and_record() -> None:
    html = class_report_html(
        [sample.error(), sample.partial()],
        ASSIGNMENT,
        links=lambda record: Links(f"feedback/{record.student}.html", f"records/{record.student}.json"),
        course="report.html",
    )
    for student in ("2026-10005", "2026-10002"):
        assert f'<a href="feedback/{student}.html"><bdi>{student}</bdi></a>' in html
        assert f'<a href="records/{student}.json"' in html
    staff = html[html.index('id="people-title"') : html.index('id="picture-title"')]
    assert 'href="feedback/2026-10005.html"' in staff
    assert '<a href="report.html">' in html
    assert "href=" not in class_report_html([sample.error()], ASSIGNMENT)


def test_the_reports_of_a_result_folder_link_files_that_are_there(tmp_path: Path) -> None:
    """Whatever the name, the address leads to the file, from a folder that is opened as it is."""
    known = load_assignment(ASSIGNMENT.id, Path(__file__).parents[2])
    ledger = Ledger(tmp_path / "ledger.db")
    key = JobKey(known.suite_hash, "0.1.0", "secret", "cpu")
    records = [
        sample.record(name, digest=str(place), source=f"x/{name}")
        for place, name in enumerate(("김 하나", "a%20b#c?", "정상"))
    ]
    for record in records:
        _, lease = ledger.claim(
            Submission(record.student, record.assignment, record.digest, {}, source=record.source), key, "me", 60
        )
        assert lease is not None
        ledger.finish(lease, record)
        write_record(tmp_path / "records", record)
        write_atomically(tmp_path / "feedback" / f"{file_stem(record.student, record.assignment)}.html", "x")

    write_class_views(tmp_path, ledger, Path(__file__).parents[2])
    ledger.close()

    addresses = set(re.findall(r'href="([^"]+)"', (tmp_path / "report.html").read_text(encoding="utf-8")))
    assert len(addresses) == 2 * len(records)
    assert all((tmp_path / unquote(address)).is_file() for address in addresses)
    assert all(address.isascii() for address in addresses)
