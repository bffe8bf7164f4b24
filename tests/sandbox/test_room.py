"""A working folder is put back as it was: what was changed, removed, added, and what nobody touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox.processes import room as room_module
from autograder.sandbox.processes.room import Room

FILES = {"data.csv": b"1,2\n", "checks/q1.py": b"x = 1\n"}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    folder = tmp_path / "seat"
    folder.mkdir()
    made = Room(str(folder), FILES, None)
    made.furnish()
    return made


def holds(room: Room) -> dict[str, bytes | None]:
    top = Path(room.folder)
    return {path.relative_to(top).as_posix(): None if path.is_dir() else path.read_bytes() for path in top.rglob("*")}


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda top: None,
    "a file added": lambda top: (top / "new").write_bytes(b"new"),
    "a file removed": lambda top: (top / "data.csv").unlink(),
    "a file changed": lambda top: (top / "data.csv").write_bytes(b"9,9\n"),
    "a file appended to": lambda top: (top / "made").open("ab").write(b"more"),
    "a file renamed": lambda top: (top / "made").rename(top / "elsewhere"),
    "a file put in another's place": lambda top: (top / "made").rename(top / "data.csv"),
    "a folder in a file's place": lambda top: ((top / "made").unlink(), (top / "made").mkdir()),
    "all folders gone": lambda top: ((top / "checks/q1.py").unlink(), (top / "checks").rmdir()),
    "the times put back": lambda top: ((top / "made").write_bytes(b"xxxx"), os.utime(top / "made", (1, 1))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_was_done_to_it_the_folder_is_what_it_was(room: Room, change: Callable[[Path], object]) -> None:
    top = Path(room.folder)
    (top / "made").write_bytes(b"made")
    (top / "deep").mkdir()
    (top / "deep" / "er").write_bytes(b"x" * 5000)
    snapshot = room.keep()
    before = holds(room)
    for _ in range(2):
        change(top)
        room.restore(snapshot)
        assert holds(room) == before


def test_what_the_trusted_side_wrote_is_not_copied(room: Room) -> None:
    assert room.keep().kept == {}
    (Path(room.folder) / "data.csv").write_bytes(b"changed")
    assert set(room.keep().kept) == {"data.csv"}


def test_an_unchanged_folder_is_left_alone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_module, "_RACY_NS", 0)
    snapshot = room.keep()
    inode = (Path(room.folder) / "data.csv").stat().st_ino
    room.restore(snapshot)
    assert (Path(room.folder) / "data.csv").stat().st_ino == inode


def test_a_folder_that_changed_just_before_is_not_trusted_to_be_unchanged(room: Room) -> None:
    """Its change time may be the same after another change."""
    (Path(room.folder) / "made").write_bytes(b"a")
    snapshot = room.keep()
    inode = (Path(room.folder) / "data.csv").stat().st_ino
    room.restore(snapshot)
    assert (Path(room.folder) / "data.csv").stat().st_ino != inode


def test_holes_stay_holes(room: Room) -> None:
    sparse = Path(room.folder) / "sparse"
    with sparse.open("wb") as stream:
        stream.truncate(1 << 32)
        stream.seek(1 << 31)
        stream.write(b"in the middle")
    snapshot = room.keep()
    sparse.unlink()
    room.restore(snapshot)
    with sparse.open("rb") as stream:
        stream.seek(1 << 31)
        assert stream.read(13) == b"in the middle"
    assert sparse.stat().st_size == 1 << 32
    assert sparse.stat().st_blocks * 512 < 1 << 20


def test_no_link_is_followed_and_none_comes_back(room: Room, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (Path(room.folder) / "link").symlink_to(secret)
    snapshot = room.keep()
    room.restore(snapshot)
    assert "link" not in holds(room)
    assert secret.read_bytes() == b"secret"


def test_copies_lie_where_no_sandbox_reaches_and_are_removed(room: Room, tmp_path: Path) -> None:
    (Path(room.folder) / "made").write_bytes(b"made")
    first = room.keep()
    [shelf] = [path for path in tmp_path.iterdir() if path.name != "seat"]
    assert shelf.stat().st_mode & 0o777 == 0o700
    room.forget(first)
    assert list(shelf.iterdir()) == []
    room.close()
    assert [path.name for path in tmp_path.iterdir()] == ["seat"]
