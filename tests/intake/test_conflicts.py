"""An unfinished merge is recognised by its lines alone, and text that resembles it is not one."""

from __future__ import annotations

import time

import pytest

from autograder.intake.conflicts import has_conflict

GIT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> 3f2a91c (branch)\n"


@pytest.mark.parametrize(
    "text",
    [
        GIT,
        GIT.replace("\n", "\r\n"),
        GIT.replace("=======", "||||||| base\nx = 0\n======="),
        "a\n<<<<<<<\n=======\n>>>>>>>",
        "<<<<<<< LOCAL CELL DELETED >>>>>>>\nx = 1",
        '<span style="color:red"><b><<<<<<< local</b></span>',
        '<span style="color:red"><b>======= </b></span>',
    ],
)
def test_what_git_and_nbdime_leave_is_a_conflict(text: str) -> None:
    assert has_conflict(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "제목\n=======\n글",
        "<<<<<<< HEAD\nx = 1\n=======\n",
        ">>>>>>> b\n=======\n<<<<<<< a",
        GIT.replace("<<<<<<<", "    <<<<<<<"),
        GIT.replace("<<<<<<<", "<<<<<<<<"),
        GIT.replace(">>>>>>> ", ">>>>>>>x"),
        'print("<<<<<<< HEAD\\n=======\\n>>>>>>> b")',
        ">>> 1 << 7\n128",
    ],
)
def test_what_only_resembles_it_is_none(text: str) -> None:
    assert not has_conflict(text)


@pytest.mark.parametrize("line", ["<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "<span <span >", "<<<<<<< A A A "])
def test_megabytes_of_one_line_take_linear_time(line: str) -> None:
    started = time.process_time()
    assert not has_conflict(line * (8 * 2**20 // len(line)))
    assert time.process_time() - started < 5
