"""Result folders are their owner's alone, whatever the umask is; a folder that was there is nobody's to change."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.grading.folders import private_folder, shared_folder
from autograder.grading.identity import course_secret
from autograder.grading.ledger import Ledger
from autograder.grading.records import write_atomically
from autograder.integrations.formgrader_requests import Requests
from autograder.service.published import Published
from autograder.service.receipts import Receipts


@pytest.fixture(params=[0, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(root: Path) -> dict[str, int]:
    return {str(p.relative_to(root)): stat.S_IMODE(p.stat().st_mode) for p in root.rglob("*") if p.is_dir()}


MAKERS: dict[str, Callable[[Path], object]] = {
    "folder": private_folder,
    "record": lambda out: write_atomically(out / "records" / "kim--01.json", "{}"),
    "secret": course_secret,
    "ledger": lambda out: Ledger(out / "ledger.db").close(),
    "receipts": lambda out: Receipts(out / "service.db").close(),
    "published": lambda out: Published(out / "service.db").close(),
    "requests": lambda out: Requests(out / "formgrader").ask("kim", "01"),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_is_made_is_closed_and_so_is_what_had_to_be_made_above_it(
    tmp_path: Path, umask: int, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "term" / "graded")

    found = modes(tmp_path)
    assert set(found) >= {"term", "term/graded"}
    assert set(found.values()) == {0o700}


def test_a_umask_that_takes_from_the_owner_is_made_up_for(tmp_path: Path) -> None:
    before = os.umask(0o377)
    try:
        private_folder(tmp_path / "term" / "graded")
    finally:
        os.umask(before)

    assert set(modes(tmp_path).values()) == {0o700}


def test_a_folder_is_closed_before_anything_else_is_done_to_it(
    tmp_path: Path, umask: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    private_folder(tmp_path / "term" / "graded")

    assert set(modes(tmp_path).values()) == {0o700}


def test_a_folder_of_somebodys_own_stays_as_it_is(tmp_path: Path, umask: int) -> None:
    """What is made inside is closed all the same: ``--out .``."""
    tmp_path.chmod(0o755)
    write_atomically(tmp_path / "report.html", "")
    write_atomically(tmp_path / "records" / "kim.json", "")

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert modes(tmp_path) == {"records": 0o700}


def test_nobody_else_writes_a_result(tmp_path: Path) -> None:
    write_atomically(tmp_path / "kim.json", "")

    assert stat.S_IMODE((tmp_path / "kim.json").stat().st_mode) & 0o133 == 0


def test_nbgraders_own_folders_are_the_groups_only_where_the_course_shares_them(tmp_path: Path, umask: int) -> None:
    """nbgrader marks what it shares (`groupshared`) with the set-group-ID bit, and what is made inside has it too."""
    shared, own = tmp_path / "shared", tmp_path / "own"
    for folder, mode in ((shared, 0o2770), (own, 0o755)):
        folder.mkdir()
        folder.chmod(mode)
    shared_folder(shared / "kim" / "01")
    shared_folder(own / "kim" / "01")

    assert modes(shared) == {"kim": 0o2770, "kim/01": 0o2770}
    assert modes(own) == {"kim": 0o700, "kim/01": 0o700}


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "graded").write_text("")
    with pytest.raises(OSError, match="graded"):
        private_folder(tmp_path / "graded" / "records")
