"""From a path to submissions: every layout, every refusal, and no submission lost on the way."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake import archives, entries, read_source
from autograder.intake import source as reading
from autograder.intake.received import parse_timestamp
from autograder.model import Submission

from .recipes import GOOD, pack
from .sample import ASSIGNMENT, NAME, NOTEBOOK, as_bytes, submitted

OTHER = as_bytes(submitted({}))


def _write(root: Path, *names: str, data: bytes = GOOD) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _found(submissions: list[Submission]) -> dict[str, list[str]]:
    return {s.student: [v.code for v in s.verdicts] for s in submissions}


LAYOUTS = {
    "nbgrader": ([f"alice/{NAME}/{NOTEBOOK}", f"bob/{NAME}/{NOTEBOOK}"], ["alice", "bob"]),
    "one student of nbgrader": ([f"{NAME}/{NOTEBOOK}", f"{NAME}/timestamp.bak", "02-x/02-x.ipynb"], ["class", "02-x"]),
    "notebooks side by side": (["alice.ipynb", f"bob_{NOTEBOOK}", "notes.txt"], ["alice", "bob"]),
    "a folder each": ([f"alice/{NOTEBOOK}", f"bob/{NOTEBOOK}", "bob/data.csv"], ["alice", "bob"]),
    "a folder each, deeper": ([f"alice/unpacked/{NOTEBOOK}", f"bob/{NOTEBOOK}"], ["alice", "bob"]),
    "one student's folder": ([NOTEBOOK, "data.csv"], ["class"]),
    "checkpoints": (["alice.ipynb", ".ipynb_checkpoints/alice-checkpoint.ipynb", ".DS_Store"], ["alice"]),
    "another assignment only": ([f"alice/{NAME}/{NOTEBOOK}", "bob/02-x/02-x.ipynb"], ["alice"]),
    "wrapped": ([f"submitted/alice/{NAME}/{NOTEBOOK}", f"submitted/bob/{NAME}/{NOTEBOOK}"], ["alice", "bob"]),
    "download (1)": (["alice (1).ipynb", "bob.ipynb"], ["alice", "bob"]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_layout_is_understood_in_a_folder_and_in_a_zip(layout: str, packed: bool, tmp_path: Path) -> None:
    names, students = LAYOUTS[layout]
    if layout == "one student of nbgrader":
        names, students = names[:2], students[:1]
    source = tmp_path / "class"
    _write(source, *names)
    if packed:
        with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
            for name in names:
                archive.writestr(name, GOOD)
        source = tmp_path / "class.zip"
    assert _found(list(read_source(source, ASSIGNMENT))) == {student: [] for student in students}


def test_one_students_folder_of_nbgrader_is_that_student(tmp_path: Path) -> None:
    _write(tmp_path, f"submitted/김민수/{NAME}/{NOTEBOOK}")
    for source in (tmp_path / "submitted" / "김민수", tmp_path / "submitted" / "김민수" / NAME):
        assert _found(list(read_source(source, ASSIGNMENT))) == {"김민수": []}


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("alice.ipynb", "alice"),
        (f"alice_{NOTEBOOK}", "alice"),
        (f"alice/{NOTEBOOK}", "alice"),
        (f"alice/{NAME}/{NOTEBOOK}", "alice"),
    ],
)
def test_one_notebook_is_the_student_it_is_named_after(path: str, student: str, tmp_path: Path) -> None:
    _write(tmp_path, path)
    (submission,) = read_source(tmp_path / path, ASSIGNMENT)
    assert (submission.student, submission.verdicts) == (student, ())
    assert submission.source == str(tmp_path / path)


def test_a_path_of_no_known_kind_is_refused_at_the_call(tmp_path: Path) -> None:
    _write(tmp_path, "class.tar", data=b"x")
    for name, code in (("nothing", "source-missing"), ("class.tar", "source-unknown")):
        with pytest.raises(IntakeError) as caught:
            read_source(tmp_path / name, ASSIGNMENT)
        assert caught.value.code == code


def test_of_a_copy_of_the_exchanges_inbound_each_students_latest_whole_submission_counts(tmp_path: Path) -> None:
    inbound = tmp_path / "inbound"

    def arrive(folder: str, data: bytes, *, whole: bool = True) -> None:
        _write(inbound, f"{folder}/{NOTEBOOK}", data=data)
        _write(inbound, f"{folder}/timestamp.txt", data=folder.split("+")[-2].encode())
        if whole:
            _write(inbound, f"{folder}/submission_secret.txt", data=b"a" * 128)

    arrive(f"kim+{NAME}+2026-09-21 14:10:04.000001 UTC+c2Vj", GOOD)
    arrive(f"kim+{NAME}+2026-09-22 09:00:00.000000 UTC+b25k", OTHER)
    arrive(f"kim+{NAME}+2026-09-23 09:00:00.000000 UTC+dGgx", GOOD, whole=False)
    arrive("kim+02-x+2026-09-24 09:00:00.000000 UTC+dGgx", GOOD)
    arrive(f"이서연+{NAME}+2026-09-21 14:10:04.000001 UTC+-_8", GOOD)
    found = {s.student: s for s in read_source(inbound, ASSIGNMENT)}
    assert sorted(found) == ["kim", "이서연"]
    assert found["kim"].received_at == "2026-09-22T09:00:00+00:00"
    assert found["kim"].digest != found["이서연"].digest
    assert "submission_secret" not in str(found["kim"].verdicts)


def test_only_the_students_asked_for_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, f"alice/{NAME}/{NOTEBOOK}", f"bob/{NAME}/{NOTEBOOK}", f"bob/{NAME}/data.csv")
    opened: list[str] = []
    real = reading._Reader._submission

    def spied(self: reading._Reader, candidate: reading.Candidate, source: str) -> Submission:
        opened.append(candidate.name)
        return real(self, candidate, source)

    monkeypatch.setattr(reading._Reader, "_submission", spied)
    assert [s.student for s in read_source(tmp_path, ASSIGNMENT, only={"bob"})] == ["bob"]
    assert opened == ["bob"]
    assert list(read_source(tmp_path / "alice" / NAME / NOTEBOOK, ASSIGNMENT, only={"bob"})) == []


def test_an_empty_folder_has_no_submissions(tmp_path: Path) -> None:
    assert list(read_source(tmp_path, ASSIGNMENT)) == []


def test_an_unreadable_file_costs_only_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "alice.ipynb", "bob.ipynb")
    real = os.open

    def refuse(path: str | Path, flags: int) -> int:
        if Path(path).name == "alice.ipynb":
            raise PermissionError(13, "Permission denied")
        return real(path, flags)

    monkeypatch.setattr(entries.os, "open", refuse)
    assert _found(list(read_source(tmp_path, ASSIGNMENT))) == {"alice": ["file-unreadable"], "bob": []}


def test_a_file_exchanged_for_a_link_after_the_listing_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "secret", "class/alice.ipynb")
    submissions = read_source(tmp_path / "class", ASSIGNMENT)
    monkeypatch.setattr(Path, "is_symlink", lambda _path: False)
    (tmp_path / "class" / "alice.ipynb").unlink()
    (tmp_path / "class" / "alice.ipynb").symlink_to(tmp_path / "secret")
    assert [s.notebook for s in submissions] == [None]


def test_an_unreadable_folder_costs_only_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, f"alice/{NOTEBOOK}", f"bob/{NOTEBOOK}")
    real = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "alice":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(entries.os, "scandir", refuse)
    assert _found(list(read_source(tmp_path, ASSIGNMENT))) == {"alice": ["file-unreadable"], "bob": []}


def test_a_fault_of_our_own_costs_one_submission_a_verdict_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "alice.ipynb", data=b"{}")
    _write(tmp_path, "bob.ipynb")
    real = reading.read_notebook

    def fail(data: bytes) -> object:
        return 1 / 0 if data == b"{}" else real(data)

    monkeypatch.setattr(reading, "read_notebook", fail)
    assert _found(list(read_source(tmp_path, ASSIGNMENT))) == {"alice": ["intake-error"], "bob": []}


@pytest.mark.parametrize("packed", [False, True])
def test_too_many_files_are_said_and_the_first_are_read(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_ENTRIES", 2)
    source = tmp_path / "class"
    _write(source, "a.ipynb", "b.ipynb", "c.ipynb")
    if packed:
        source = pack(tmp_path, *((f"{name}.ipynb", GOOD) for name in "abc"))
    found = _found(list(read_source(source, ASSIGNMENT)))
    assert found == {source.name: ["source-too-many"], "a": [], "b": []}


def test_the_total_read_from_an_archive_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ZIP_TOTAL", len(GOOD) + 10)
    source = pack(tmp_path, ("alice.ipynb", GOOD))
    assert _found(list(read_source(source, ASSIGNMENT))) == {"alice": [], "clean": ["zip-bomb"]}


def test_nothing_is_written_while_a_zip_is_read(tmp_path: Path) -> None:
    source = pack(tmp_path, ("../escaped.ipynb", GOOD), ("alice.ipynb", GOOD))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    list(read_source(source, ASSIGNMENT))
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert not (tmp_path.parent / "escaped.ipynb").exists()


def test_submissions_are_read_one_at_a_time(tmp_path: Path) -> None:
    _write(tmp_path, "alice.ipynb", "bob.ipynb")
    submissions = read_source(tmp_path, ASSIGNMENT)
    assert next(submissions).student == "alice"
    (tmp_path / "bob.ipynb").write_bytes(b"")
    assert [v.code for v in next(submissions).verdicts] == ["notebook-empty"]


def test_collided_submissions_are_all_there_with_their_work_and_none_is_graded(tmp_path: Path) -> None:
    for form, data in (("NFC", GOOD), ("NFD", OTHER)):
        _write(tmp_path, unicodedata.normalize(form, "김민수") + ".ipynb", data=data)
    _write(tmp_path, "bob.ipynb")
    read = list(read_source(tmp_path, ASSIGNMENT))
    both = [s for s in read if s.student == "김민수"]
    assert len(both) == 2 and len({s.digest for s in both}) == 2
    assert all(s.fatal and s.fatal.code == "student-collision" and s.notebook for s in both)
    assert [s.verdicts for s in read if s.student == "bob"] == [()]


def test_a_roster_names_students_and_holds_back_strangers(tmp_path: Path) -> None:
    _write(tmp_path, "kim_minsu_hw1.ipynb", "김민수.ipynb", "eve.ipynb")
    roster = {"kim_minsu": "20250001", "김민수": "20250002"}
    found = _found(list(read_source(tmp_path, ASSIGNMENT, students=roster.get)))
    assert found == {"20250001": [], "20250002": [], "eve": ["student-unknown"]}


def test_two_names_of_one_student_on_the_roster_collide(tmp_path: Path) -> None:
    _write(tmp_path, "alice.ipynb")
    _write(tmp_path, "alice2.ipynb", data=OTHER)
    read = list(read_source(tmp_path, ASSIGNMENT, students={"alice": "1", "alice2": "1"}.get))
    assert [(s.student, s.fatal is not None) for s in read] == [("1", True), ("1", True)]


def test_work_that_cannot_be_read_still_has_an_identity_of_its_own(tmp_path: Path) -> None:
    _write(tmp_path, "alice.ipynb", data=b"{")
    _write(tmp_path, "bob.ipynb", data=b"[")
    (tmp_path / "eve").mkdir()
    digests = {s.digest for s in read_source(tmp_path, ASSIGNMENT)}
    assert len(digests) == 3 and all(len(d) == 64 for d in digests)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01 10:00:00.000000 UTC", "2026-01-01T10:00:00+00:00"),
        ("2026-01-01 10:00:00.120000 UTC\n", "2026-01-01T10:00:00.120000+00:00"),
        ("2026-01-01 10:00:00 KST", "2026-01-01T10:00:00+09:00"),
        ("2026-01-01T10:00:00+0900", "2026-01-01T10:00:00+09:00"),
        ("2026-01-01 10:00:00", "2026-01-01T10:00:00+00:00"),
        ("2026-01-01 10:00:00 -03:30", "2026-01-01T10:00:00-03:30"),
        ("2026-13-01 10:00:00 UTC", None),
        ("2026-01-01 10:00:00 +99:00", None),
        ("2026-01-01 10:00:00 UTC; rm -rf", None),
        ("٢٠٢٦-01-01 10:00:00 UTC", None),
        ("", None),
    ],
)
def test_a_timestamp_is_read_as_nbgrader_writes_it_or_not_at_all(text: str, moment: str | None) -> None:
    assert parse_timestamp(text) == moment
