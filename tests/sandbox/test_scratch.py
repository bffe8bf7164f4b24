"""Scratch folders: measured and wiped whatever is in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.sandbox.processes import scratch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def test_usage_counts_bytes_files_and_folders(folder: Path) -> None:
    (folder / "a").write_bytes(b"x" * 100_000)
    (folder / "d").mkdir()
    (folder / "d" / "b").write_bytes(b"x" * 100_000)
    usage = scratch.measure(str(folder), 100)
    assert usage.files == 3
    assert 200_000 <= usage.bytes < 300_000
    assert not usage.too_deep


def test_usage_stops_counting_soon(folder: Path) -> None:
    for i in range(50):
        (folder / str(i)).touch()
    assert scratch.measure(str(folder), 10).files == 11


def test_many_folders_side_by_side_are_not_deep(folder: Path) -> None:
    for i in range(300):
        (folder / str(i)).mkdir()
    usage = scratch.measure(str(folder), 1000)
    assert (usage.files, usage.too_deep) == (300, False)


def test_usage_follows_no_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * (1 << 20))
    (folder / "file").symlink_to(tmp_path / "big")
    (folder / "up").symlink_to(tmp_path)
    assert scratch.measure(str(folder), 100).bytes < 100_000


def test_a_folder_that_is_gone_holds_nothing(folder: Path) -> None:
    assert scratch.measure(str(folder / "none"), 10) == scratch.Usage(0, 0)


def test_space_of_deleted_files_is_seen_while_they_are_open(folder: Path) -> None:
    before = scratch.unlinked_bytes(os.getpid())
    with (folder / "a").open("wb") as stream:
        stream.write(b"x" * (1 << 20))
        stream.flush()
        (folder / "a").unlink()
        assert scratch.unlinked_bytes(os.getpid()) - before >= 1 << 20


def test_a_deep_tree_is_reported_and_wiped(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    assert scratch.measure(str(folder), 10_000).too_deep
    scratch.wipe(str(folder))
    assert not folder.exists()


def test_wiping_what_is_gone_is_fine(folder: Path) -> None:
    scratch.wipe(str(folder))
    scratch.wipe(str(folder))


def test_a_root_lives_while_it_is_locked_and_is_swept_after(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    first, lock = scratch.create_root()
    second, other = scratch.create_root()
    assert Path(first).exists()
    os.close(lock)
    third, last = scratch.create_root()
    assert not Path(first).exists()
    for path, held in ((second, other), (third, last)):
        scratch.remove_root(path, held)
    assert list(tmp_path.iterdir()) == []
