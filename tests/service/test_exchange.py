"""What is taken out of the exchange, what is not, and what is put back into it."""

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from autograder.errors import GraderError, IntakeError
from autograder.intake.document import MAX_RAW_BYTES
from autograder.integrations import exchange
from autograder.integrations.exchange import Inbound, OwnerCheck, collect, parse_folder, release_feedback
from tests.service.course import ID, Course, right

NOT_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")


@pytest.fixture
def inbound(course: Course) -> Inbound:
    return Inbound(course.exchange, "whydl")


def take(inbound: Inbound, folder: str, into: Path) -> exchange.Delivery:
    return inbound.take(folder, into / "copy")


def test_a_folder_is_complete_when_the_secret_is(course: Course, inbound: Inbound) -> None:
    handed = course.submit(complete=False)
    assert inbound.complete() == []
    (handed.folder / "submission_secret.txt").write_text(handed.secret[:60], encoding="utf-8")
    assert inbound.complete() == []
    handed.complete()
    assert inbound.complete() == [handed.folder.name]
    assert inbound.complete({handed.folder.name}) == []


@pytest.mark.parametrize("name", ["notes", "kim", "kim+x", "kim+../x+t", "+x+t", "kim+x+t+r+more", "kim+.x+t"])
def test_other_folders_are_not_looked_into(name: str) -> None:
    assert parse_folder(name.replace("/", "_") if name == "kim+x" else name) is None


def test_a_taken_folder_says_whose_and_when(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    handed = course.submit("kim")
    found = take(inbound, handed.folder.name, tmp_path)
    assert (found.student, found.assignment, found.secret) == ("kim", ID, handed.secret)
    assert not found.clock_differs
    assert sorted(found.files) == ["bench.ipynb", "submission_secret.txt", "timestamp.txt"]
    assert found.refused == ()


@pytest.mark.parametrize("claimed", ["2020-01-01 00:00:00.000000 UTC", "2099-01-01 00:00:00.000000 UTC", "yesterday"])
def test_a_forged_time_is_not_believed(course: Course, inbound: Inbound, tmp_path: Path, claimed: str) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    handed = course.submit(stamp=claimed)
    old = before.timestamp() - 86_400
    for path in handed.folder.iterdir():
        os.utime(path, (old, old))  # a user can set a file's times back, but not its change time
    found = take(inbound, handed.folder.name, tmp_path)
    assert before <= dt.datetime.fromisoformat(found.received_at) <= dt.datetime.now(dt.UTC)


def test_work_changed_after_the_folder_was_prepared_counts_from_the_change(
    course: Course, inbound: Inbound, tmp_path: Path
) -> None:
    handed = course.submit()
    elsewhere = tmp_path / handed.folder.name
    handed.folder.rename(elsewhere)
    stamps = [p.stat().st_ctime for p in elsewhere.iterdir()]
    elsewhere.rename(handed.folder)
    found = take(inbound, handed.folder.name, tmp_path)
    assert max(stamps) <= dt.datetime.fromisoformat(found.received_at).timestamp() + exchange.TOLERANCE.total_seconds()


def test_links_and_devices_are_not_followed(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    secret = tmp_path / "solution.ipynb"
    secret.write_text("the solution", encoding="utf-8")
    handed = course.submit()
    (handed.folder / "bench.ipynb").unlink()
    (handed.folder / "bench.ipynb").symlink_to(secret)
    (handed.folder / "more").symlink_to(tmp_path)
    os.mkfifo(handed.folder / "pipe.ipynb")
    found = take(inbound, handed.folder.name, tmp_path)
    assert {code for code, _ in found.refused} == {"file-symlink", "file-special"}
    assert "bench.ipynb" not in found.files
    assert not any("solution" in p.read_text() for p in (tmp_path / "copy").rglob("*") if p.is_file())


def test_a_folder_that_is_a_link_is_refused(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    handed = course.submit()
    moved = tmp_path / "elsewhere"
    handed.folder.rename(moved)
    handed.folder.symlink_to(moved)
    assert inbound.complete() == [handed.folder.name]
    with pytest.raises(IntakeError) as refused:
        take(inbound, handed.folder.name, tmp_path)
    assert refused.value.code in ("folder-link", "folder-unreadable")


def test_stored_outputs_are_no_reason_to_refuse_what_intake_reads(
    course: Course, inbound: Inbound, tmp_path: Path
) -> None:
    handed = course.submit()
    with (handed.folder / "outputs.ipynb").open("wb") as file:
        file.truncate(30 * 2**20)
    assert "outputs.ipynb" in take(inbound, handed.folder.name, tmp_path).files
    assert (tmp_path / "copy" / "outputs.ipynb").stat().st_size == 30 * 2**20
    assert exchange.MAX_FILE == MAX_RAW_BYTES


@pytest.mark.parametrize("how", ["one file", "together"])
def test_what_is_too_large_is_refused_and_leaves_nothing(
    course: Course, inbound: Inbound, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = course.submit()
    if how == "one file":
        with (handed.folder / "huge.ipynb").open("wb") as file:
            file.truncate(200 * 2**30)  # sparse: it takes no room here, and must take none in the copy
    else:
        monkeypatch.setattr(exchange, "MAX_TOTAL", 3 * 2**20)
        for number in range(4):
            with (handed.folder / f"{number}.ipynb").open("wb") as file:
                file.truncate(2**20)
    with pytest.raises(IntakeError) as refused:
        take(inbound, handed.folder.name, tmp_path)
    assert refused.value.code == "delivery-too-large"
    assert not (tmp_path / "copy").exists()


def test_what_lies_beside_the_notebook_is_neither_copied_nor_a_reason_to_refuse(
    course: Course, inbound: Inbound, tmp_path: Path
) -> None:
    """A data set, 3,000 checkpoints, the receipt of the last submission, a second notebook too large to be read."""
    handed = course.submit(name="answers.ipynb")
    folder = handed.folder
    for name in ("data.bin", "zz.ipynb"):
        with (folder / name).open("wb") as file:
            file.truncate(200 * 2**30)
    for number in range(3000):
        (folder / f"a{number}.pt").touch()
    for name in ("제출 확인.md", "helpers.py", "other.py"):
        (folder / name).write_text("x = 1", encoding="utf-8")
    for inner in ("week 2", ".ipynb_checkpoints"):
        (folder / inner).mkdir()
        (folder / inner / "more.ipynb").write_text("{}", encoding="utf-8")
    wanted = exchange.Wanted("answers.ipynb", ("helpers.py",))
    found = inbound.take(folder.name, tmp_path / "copy", wanted)
    assert {"answers.ipynb", "helpers.py", "submission_secret.txt", "timestamp.txt"} <= set(found.files)
    copied = {p.relative_to(tmp_path / "copy").as_posix() for p in (tmp_path / "copy").rglob("*") if p.is_file()}
    assert copied == set(found.files) <= {*found.files[:4], "week 2/more.ipynb"}
    assert "제출 확인.md" not in found.left


def test_a_notebook_in_a_folder_of_its_own_is_found(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    handed = course.submit()
    (handed.folder / "bench").mkdir()
    (handed.folder / "bench.ipynb").rename(handed.folder / "bench" / "bench.ipynb")
    found = inbound.take(handed.folder.name, tmp_path / "copy", exchange.Wanted("bench.ipynb"))
    assert "bench/bench.ipynb" in found.files


def test_a_folder_is_known_without_a_copy_as_with_one(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    handed = course.submit()
    told, taken = inbound.peek(handed.folder.name), take(inbound, handed.folder.name, tmp_path)
    assert (told.secret, told.received_at, told.student) == (taken.secret, taken.received_at, taken.student)
    (handed.folder / "submission_secret.txt").unlink()
    (handed.folder / "submission_secret.txt").symlink_to(course.root / "solutions")
    with pytest.raises(IntakeError):
        inbound.peek(handed.folder.name)


def test_the_receipts_name_is_the_key(course: Course) -> None:
    path = exchange.release_receipt(course.exchange, "whydl", "a" * 128, "{}")
    assert path == exchange.receipt_path(course.exchange, "whydl", "a" * 128)
    assert not stat.S_IMODE(path.parent.stat().st_mode) & 0o066
    assert stat.S_IMODE(path.stat().st_mode) & 0o004
    with pytest.raises(GraderError):
        exchange.release_receipt(course.exchange, "whydl", "../x", "{}")


@NOT_ROOT
def test_the_owner_has_to_be_the_student_named(course: Course, tmp_path: Path) -> None:
    handed = course.submit("nobody")
    os.chown(handed.folder, 65534, 65534)
    for path in handed.folder.iterdir():
        os.chown(path, 65534, 65534)
    forged = course.submit("kim")
    os.chown(forged.folder, 65534, 65534)
    inbound = Inbound(course.exchange, "whydl")
    assert inbound.take(handed.folder.name, tmp_path / "a").owner_checked
    with pytest.raises(IntakeError) as refused:
        inbound.take(forged.folder.name, tmp_path / "b")
    assert refused.value.code == "owner-mismatch"
    free = Inbound(course.exchange, "whydl", OwnerCheck.OFF)
    assert not free.take(handed.folder.name, tmp_path / "c").owner_checked


@NOT_ROOT
def test_files_of_another_owner_are_left_out(course: Course, tmp_path: Path) -> None:
    """A hard link to what somebody else can read must not carry it into the copy."""
    handed = course.submit("nobody")
    for path in (handed.folder, *handed.folder.iterdir()):
        os.chown(path, 65534, 65534)
    (handed.folder / "bench.ipynb").unlink()
    other = course.root / "gradebook.txt"
    other.write_text("everybody's grades", encoding="utf-8")
    (handed.folder / "bench.ipynb").hardlink_to(other)
    found = Inbound(course.exchange, "whydl").take(handed.folder.name, tmp_path / "copy")
    assert found.refused == (("file-special", "bench.ipynb"),)


def test_auto_in_one_user_mode_says_that_nothing_was_compared(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    assert not take(inbound, course.submit().folder.name, tmp_path).owner_checked
    with pytest.raises(IntakeError):
        Inbound(course.exchange, "whydl", OwnerCheck.ON).take(course.submit().folder.name, tmp_path / "other")


def test_collecting_leaves_what_nbgraders_collect_leaves(course: Course, inbound: Inbound, tmp_path: Path) -> None:
    from nbgrader.coursedir import CourseDirectory

    handed = course.submit(stamp="2020-01-01 00:00:00.000000 UTC")
    found = take(inbound, handed.folder.name, tmp_path)
    place = course.root / "submitted" / "kim" / ID
    for _ in range(2):
        collect(tmp_path / "copy", place, found.received_at)
    assert (place / "submission_secret.txt").read_text() == handed.secret
    seen = CourseDirectory(root=str(course.root)).get_existing_timestamp(str(place))
    assert seen.replace(tzinfo=dt.UTC).isoformat() == found.received_at
    assert sorted(p.name for p in place.parent.iterdir()) == [ID]
    other = take(inbound, course.submit(work=right("other")).folder.name, tmp_path / "two")
    collect(tmp_path / "two" / "copy", place, other.received_at)
    assert "other" in (place / "bench.ipynb").read_text()


def test_feedback_gets_the_name_that_nbgrader_asks_for(course: Course) -> None:
    from nbgrader.utils import notebook_hash

    secret = "a" * 128
    paths = release_feedback(course.exchange, "whydl", secret, ["bench", "과제"], "<p>1</p>")
    release_feedback(course.exchange, "whydl", secret, ["bench"], "<p>2</p>")
    assert {p.stem for p in paths} == {notebook_hash(secret=secret, notebook_id=n) for n in ("bench", "과제")}
    assert sorted(p.read_text() for p in paths) == ["<p>1</p>", "<p>2</p>"]
    assert not stat.S_IMODE(paths[0].parent.stat().st_mode) & 0o066, "the folder cannot be listed by others"
    assert stat.S_IMODE(paths[0].stat().st_mode) & 0o004
    with pytest.raises(GraderError) as refused:
        release_feedback(course.exchange, "whydl", "../../x", ["bench"], "")
    assert refused.value.code == "secret-malformed"
