"""A course's own file: one time zone for everything that is shown, and a mistake is told by its line."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.catalog import load_assignment
from autograder.course_file import live_at, read_course_file, table_time, time_words
from autograder.errors import AssignmentError


@pytest.fixture(autouse=True)
def _zone_put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("TZ", raising=False)
    yield
    monkeypatch.undo()
    time.tzset()


def course(folder: Path, text: str) -> Path:
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_course_that_says_nothing_is_in_korea(tmp_path: Path) -> None:
    assert read_course_file(None).timezone == read_course_file(tmp_path).timezone == "Asia/Seoul"


@pytest.mark.parametrize(
    ("stamp", "timezone", "words", "cell"),
    [
        ("2020-11-30T14:59:30+00:00", "Asia/Seoul", "2020년 11월 30일 23:59 KST", "2020-11-30 23:59:30 KST"),
        ("2020-11-30T23:59:30+09:00", "Asia/Seoul", "2020년 11월 30일 23:59 KST", "2020-11-30 23:59:30 KST"),
        ("2020-11-30T14:59:30", "Asia/Seoul", "2020년 11월 30일 23:59 KST", "2020-11-30 23:59:30 KST"),
        (1606748370.0, "Asia/Ho_Chi_Minh", "2020년 11월 30일 21:59 UTC+07", "2020-11-30 21:59:30 UTC+07"),
        ("2020-06-30T14:59:30Z", "Europe/Berlin", "2020년 6월 30일 16:59 CEST", "2020-06-30 16:59:30 CEST"),
        ("", "Asia/Seoul", "", ""),
        ("어제", "Asia/Seoul", "", ""),
    ],
)
def test_a_time_is_shown_in_the_courses_zone_with_its_name(
    stamp: str | float, timezone: str, words: str, cell: str
) -> None:
    assert time_words(stamp, timezone) == words
    assert table_time(stamp, timezone) == cell


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('timezone = "Asia/Seul"', "1번째 줄: 시간대 'Asia/Seul'은"),
        ('title = "딥러닝"\ntimzone = "Asia/Seoul"', "2번째 줄: 'timzone'"),
        ("timezone = 9", "문자열"),
        ("timezone = ", "TOML"),
    ],
)
def test_a_mistake_is_told_and_stops_what_would_show_a_wrong_time(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(AssignmentError) as caught:
        read_course_file(course(tmp_path, text))
    assert caught.value.code == "course-file-invalid"
    assert told in caught.value.message
    with pytest.raises(AssignmentError):
        load_assignment("01-vanishing-gradients", tmp_path)


def test_an_assignment_knows_its_courses_zone(tmp_path: Path) -> None:
    course(tmp_path, 'timezone = "Asia/Tokyo"')
    assert load_assignment("01-vanishing-gradients", tmp_path).timezone == "Asia/Tokyo"


def test_a_process_lives_in_its_courses_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(None)
    assert time.strftime("%Z", time.localtime(0)) == "KST"
    live_at(course(tmp_path, 'timezone = "Asia/Ho_Chi_Minh"'))
    assert time.strftime("%z", time.localtime(1.6e9)) == "+0700"
    monkeypatch.setattr("autograder.course_file._SYSTEM_ZONES", tmp_path / "none")
    live_at(course(tmp_path, 'timezone = "Europe/Berlin"'))
    assert os.environ["TZ"].startswith(":/")
    assert time.strftime("%Z", time.localtime(1.6e9)) == "CEST"


def test_a_stated_zone_of_the_shell_holds_where_the_course_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    live_at(tmp_path)
    assert os.environ["TZ"] == "UTC"
