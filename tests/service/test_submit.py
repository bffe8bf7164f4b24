"""A student's Submit: nbgrader's own, and the service's receipt beside the notebook."""

import asyncio
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.service.desk import Desk
from tests.service.course import ID, Course, right, until

RECEIPT = {
    "title": "연습 과제",
    "attempt": 2,
    "received": "11월 30일 23:59 KST",
    "notebook": "bench.ipynb",
    "ok": False,
    "lines": ["q3, q5는 아직 비어 있습니다."],
    "wait": "곧 결과가 나옵니다.",
    "page": "/services/autograder/submissions/abc",
    "home": "/services/autograder/",
}
STAMP = "2026-11-30 14:59:00.000000 UTC"


@pytest.fixture
def submit_module() -> Any:
    return importlib.import_module("course.submit")


@pytest.fixture
def home(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's home with the fetched assignment in it, the working directory of what follows."""
    folder = tmp_path / "home" / ID
    folder.mkdir(parents=True)
    (folder / "bench.ipynb").write_text(json.dumps(right("kim")), encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    course.inbound.chmod(0o733)
    course.exchange.chmod(0o777)
    return folder


def hand_in(course: Course, cache: Path) -> None:
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory
    from traitlets.config import Config

    config = Config()
    config.Exchange.root = str(course.exchange)
    config.Exchange.cache = str(cache)
    config.CourseDirectory.course_id = "whydl"
    config.CourseDirectory.student_id = "kim"
    config.CourseDirectory.assignment_id = ID
    config.ExchangeFactory.submit = "course.submit.Submit"
    made = ExchangeFactory(config=config).Submit(
        coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config
    )
    made.start()


@pytest.fixture
def answering(desk: Desk) -> Iterator[None]:
    """The desk takes and answers, and grades nothing."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            desk.sweep()
            desk._acknowledger.work()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield
    done.set()
    thread.join()


def test_a_submit_on_the_command_line_has_its_receipt_when_it_ends(
    course: Course, home: Path, answering: None, tmp_path: Path, submit_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit_module, "_COMMAND_SECONDS", 60.0)
    hand_in(course, tmp_path / "cache")
    first = (home / "제출 확인.md").read_text(encoding="utf-8")
    assert "1번째 제출을 받았습니다" in first
    assert "bench.ipynb" in first
    assert "KST" in first
    assert "(/services/autograder/submissions/" in first
    hand_in(course, tmp_path / "cache")
    second = (home / "제출 확인.md").read_text(encoding="utf-8")
    assert "2번째 제출을 받았습니다" in second
    assert second.count("1번째 제출, 받았습니다") == 1
    handed = [p for folder in course.inbound.iterdir() for p in folder.iterdir()]
    assert "제출 확인.md" not in {p.name for p in handed}, "the receipt is not handed in again"


def test_a_submit_in_a_server_does_not_wait(
    course: Course, home: Path, desk: Desk, tmp_path: Path, submit_module: Any
) -> None:
    """In the event loop: it is over before there is an answer, which comes all the same."""

    async def in_the_loop() -> None:
        hand_in(course, tmp_path / "cache")

    asyncio.run(in_the_loop())
    assert "확인을 기다립니다" in (home / "제출 확인.md").read_text(encoding="utf-8")
    desk.sweep()
    desk._acknowledger.work()
    until(lambda: "1번째 제출을 받았습니다" in (home / "제출 확인.md").read_text(encoding="utf-8"), 15)


@pytest.mark.parametrize("trouble", ["no service", "a folder in the way", "an answer that is none"])
def test_nothing_makes_a_submit_fail(
    course: Course, home: Path, tmp_path: Path, submit_module: Any, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(submit_module, "_COMMAND_SECONDS", 0.3)
    if trouble == "a folder in the way":
        (home / "제출 확인.md").mkdir()
    if trouble == "an answer that is none":
        monkeypatch.setattr(submit_module, "_answer", lambda _: {"lines": 3})
    hand_in(course, tmp_path / "cache")
    assert len(list(course.inbound.iterdir())) == 1
    assert not list(home.glob(".receipt-*"))


def test_an_older_answer_that_comes_late_does_not_take_the_newer_ones_place(tmp_path: Path, submit_module: Any) -> None:
    text = submit_module.receipt_text(None, STAMP, "")
    newer = submit_module.receipt_text(None, STAMP.replace("59", "58", 1), text)
    (tmp_path / "제출 확인.md").write_text(newer, encoding="utf-8")
    (tmp_path / "answer.json").write_text(json.dumps(RECEIPT), encoding="utf-8")
    submit_module._follow(tmp_path, tmp_path / "answer.json", STAMP, 5.0)
    assert (tmp_path / "제출 확인.md").read_text(encoding="utf-8") == newer


def test_what_needs_doing_stands_on_the_receipt(submit_module: Any) -> None:
    text = submit_module.receipt_text(RECEIPT, STAMP, submit_module.receipt_text(None, STAMP, ""))
    assert "확인할 것이 있습니다" in text
    assert "q3, q5는 아직 비어 있습니다." in text
    assert text.count(STAMP) == 1, "one line for each submission"
    hostile = {**RECEIPT, "page": "https://elsewhere", "lines": ["[x](//evil) <script>"], "notebook": "a](b"}
    text = submit_module.receipt_text(hostile, STAMP, "")
    assert "elsewhere" not in text
    assert "\\<script>" in text


def test_the_package_does_not_import_nbgrader() -> None:
    script = "import sys, course; assert not any(m.startswith('nbgrader') for m in sys.modules)"
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    assert subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode == 0
