"""Every archive and folder of the corpus gives exactly the students it states, each with the notebook that was meant.

A case is ``tests/corpus/frames/archives/NAME/expect.toml``: `about`; the source (see `archives`); optionally `pattern`,
and ``[roster]``, a table from what a student may be called to the student's id; and ``[[submissions]]`` expected, each
with `student`, `codes`, `fatal`, `read` (the path of the notebook that was read; the mark it has) and `received_at`.
Times are those of Korea.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.intake import archives as reading
from autograder.intake import read_source
from autograder.model import Submission

from .archives import BAD, build, mark_of, notebook, packed
from .sample import ASSIGNMENT, NAME, NOTEBOOK

CORPUS = Path(__file__).parent.parent / "corpus" / "frames" / "archives"
EXPECT = {p.parent.name: tomllib.loads(p.read_text(encoding="utf-8")) for p in sorted(CORPUS.glob("*/expect.toml"))}


@pytest.fixture(autouse=True)
def in_korea(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Zips and Blackboard state local time: the machine's zone is fixed for a test."""
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _read(expect: dict[str, Any], folder: Path, **options: Any) -> list[Submission]:
    roster = expect["roster"].get if "roster" in expect else None
    source = build(expect, folder)
    return list(read_source(source, ASSIGNMENT, students=roster, pattern=expect.get("pattern"), **options))


def _told(submission: Submission, want: dict[str, Any]) -> dict[str, Any]:
    """Return of a submission what the case states."""
    told = {
        "student": submission.student,
        "codes": sorted({v.code for v in submission.verdicts}),
        "fatal": submission.fatal is not None,
        "read": mark_of(submission.notebook),
        "received_at": submission.received_at,
    }
    assert not told["read"] or "/" not in told["read"] or submission.source.endswith(told["read"]), submission.source
    return {key: value for key, value in told.items() if key != "received_at" or key in want}


@pytest.mark.parametrize("case", EXPECT)
def test_a_source_gives_the_students_it_holds(case: str, tmp_path: Path) -> None:
    expect = EXPECT[case]
    stated = sorted(expect["submissions"], key=lambda s: (s["student"], s.get("read", "")))

    found = sorted(_read(expect, tmp_path), key=lambda s: (s.student, mark_of(s.notebook)))

    usual = {"codes": [], "fatal": False, "read": ""}
    assert [s.student for s in found] == [s["student"] for s in stated]
    assert [_told(s, want) for s, want in zip(found, stated, strict=True)] == [usual | want for want in stated]


@pytest.mark.parametrize("case", EXPECT)
def test_one_student_alone_is_read_as_in_the_class(case: str, tmp_path: Path) -> None:
    """`only` changes neither who somebody is nor what counts, and a second reading finds the same."""
    expect = EXPECT[case]
    everybody = [s for s in _read(expect, tmp_path) if "refused" not in s.source]
    for student in {s.student for s in everybody}:
        alone = _read(expect, tmp_path, only={student})
        assert alone == [s for s in everybody if s.student == student]


def test_the_corpus_is_large_and_uses_every_bad_archive() -> None:
    assert len(EXPECT) >= 25
    assert {name for e in EXPECT.values() for name in e.get("bad", {}).values()} == set(BAD)


def _inner(*names: str, size: int = 0) -> list[tuple[str, bytes]]:
    return [(f"{name}.zip", packed((NOTEBOOK, notebook(name) + b" " * size))) for name in names]


def _outer(folder: Path, members: list[tuple[str, bytes]]) -> Path:
    path = folder / "class.zip"
    path.write_bytes(packed(*members))
    return path


def _codes(source: Path) -> dict[str, list[str]]:
    return {s.student: sorted({v.code for v in s.verdicts}) for s in read_source(source, ASSIGNMENT)}


def test_the_total_of_a_source_holds_for_what_its_archives_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _outer(tmp_path, _inner("alice", "bob"))
    size = len(notebook("alice"))
    monkeypatch.setattr(reading, "MAX_ZIP_TOTAL", int(2.2 * size))

    assert _codes(source) == {"alice": [], "bob": ["zip-bomb"]}


def test_an_archive_that_is_read_twice_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is opened to see what is in it, given up for the next, and opened again to be read."""
    names = ("alice", "bob", "eve")
    members = _inner(*names)
    total = sum(len(data) + len(notebook(name)) for name, (_, data) in zip(names, members, strict=True))
    monkeypatch.setattr(reading, "MAX_ZIP_TOTAL", total)

    assert _codes(_outer(tmp_path, members)) == {"alice": [], "bob": [], "eve": []}


def test_one_students_archive_cannot_use_up_what_the_others_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(notebook("alice"))
    monkeypatch.setattr(reading, "MAX_INNER_TOTAL", 2 * size)
    monkeypatch.setattr(reading, "MAX_ZIP_TOTAL", 8 * size)
    source = _outer(tmp_path, [*_inner("alice", size=4 * size), *_inner("bob")])

    assert _codes(source) == {"alice": ["zip-bomb"], "bob": []}


def test_the_number_of_entries_holds_for_the_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.limits, "MAX_ENTRIES", 4)

    assert _codes(_outer(tmp_path, _inner("alice", "bob", "eve"))) == {
        "alice": [],
        "bob": ["zip-too-many"],
        "eve": ["zip-too-many"],
    }


def test_an_archive_too_large_for_memory_is_its_owners_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_INNER", 2_000)
    large = ("alice.zip", packed((NOTEBOOK, notebook("alice")), ("a.bin", bytes(range(256)) * 100)))
    monkeypatch.setattr(reading, "MAX_INNER", len(large[1]) - 1)

    assert _codes(_outer(tmp_path, [large, *_inner("bob")])) == {"alice": ["zip-too-large"], "bob": []}


def test_the_ratio_holds_for_an_archive_packed_in_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member packed 150 to 1 in an archive packed 100 to 1: each alone would pass."""
    monkeypatch.setattr(reading, "MAX_RAW_BYTES", 4 * 2**20)
    data = b"".join(bytes([number % 251]) * 300 for number in range(20_000))
    inner = packed((NOTEBOOK, data))
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "alice.zip").write_bytes(inner)
    assert _codes(tmp_path / "class") == {"alice": ["notebook-not-json"]}

    # Zeros before an archive are no fault of it, and pack well.
    assert _codes(_outer(tmp_path, [("alice.zip", bytes(20 * len(inner)) + inner)])) == {"alice": ["zip-bomb"]}


def test_a_time_that_has_not_come_yet_is_noted(tmp_path: Path) -> None:
    expect = {"source": "class", "files": ["alice.ipynb"], "times": {"alice.ipynb": "2099-01-01 00:00:00"}}

    (submission,) = _read(expect, tmp_path)

    assert [v.code for v in submission.verdicts] == ["clock-differs"]
    assert submission.received_at == "2098-12-31T15:00:00+00:00"


def test_the_files_of_a_clone_have_no_time_of_receipt(tmp_path: Path) -> None:
    """git gives every file the time of the checkout, which would make a whole class late."""
    expect = {"source": "class", "files": [f"{NAME}-kim/{NOTEBOOK}", f"{NAME}-kim/.git/HEAD", f"lee/{NOTEBOOK}"]}

    found = {s.student: s.received_at for s in _read(expect, tmp_path)}

    assert found == {"kim": "", "lee": "2024-11-20T01:00:00+00:00"}


def test_an_archive_states_its_times_in_utc_where_its_writer_did(tmp_path: Path) -> None:
    """Info-ZIP and macOS add the field ``UT``; the other time in the member has no zone."""
    import struct
    import zipfile

    info = zipfile.ZipInfo("alice.ipynb", (2024, 11, 20, 3, 0, 0))
    info.extra = struct.pack("<HHBi", 0x5455, 5, 1, 1_732_000_000)
    source = _outer(tmp_path, [(info, notebook("alice"))])  # type: ignore[list-item]

    assert [s.received_at for s in read_source(source, ASSIGNMENT)] == ["2024-11-19T07:06:40+00:00"]
