"""nbgrader's exchange as the grader sees it: what students hand in, read safely, and answers handed back.

Owns four translations: a folder of the exchange's ``inbound`` becomes a private copy (`Inbound.take`), that copy
becomes what ``nbgrader collect`` would have left in ``submitted/`` (`collect`), a feedback page gets the name under
which the student's own "Fetch Feedback" looks for it (`release_feedback`), and a receipt the name under which the
student's Submit does (`release_receipt`).

Everything in ``inbound`` belongs to students and may change while it is looked at. So each folder is read once, through
descriptors: no link is followed, only regular files are opened, only files of the folder's own owner, within caps of
size and number. Notebooks, the time, the secret and the files that the assignment allows are copied, nothing else. Who
handed it in and when is not taken from the folder's name alone: the owner of the folder has to be the student named,
and a stated time counts only if the file system's own clock agrees with it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import pwd
import re
import shutil
import stat
from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from autograder.errors import GraderError, InfrastructureError, IntakeError
from autograder.grading.folders import private_folder, shared_folder
from autograder.grading.records import write_atomically
from autograder.intake.document import MAX_RAW_BYTES
from autograder.intake.names import student_id
from autograder.intake.received import parse_timestamp

__all__ = [
    "Claim",
    "Complete",
    "Delivery",
    "Inbound",
    "OwnerCheck",
    "Wanted",
    "collect",
    "parse_folder",
    "receipt_path",
    "release_feedback",
    "release_receipt",
]

SECRET_FILE = "submission_secret.txt"  # noqa: S105 - a file's name
STAMP_FILE = "timestamp.txt"
MAX_FILE = MAX_RAW_BYTES
"""As intake reads it: stored outputs are left out there, and no door before it is narrower."""
MAX_TOTAL = 2 * MAX_FILE
MAX_NOTEBOOKS = 9
"""One more than intake reads: of so many a person chooses, and more would change nothing."""
MAX_NAMES = 2000
"""Names looked at below one folder; the notebook of the expected name is found without looking."""
MAX_DEPTH = 3
TOLERANCE = dt.timedelta(seconds=90)
"""How far a stated time may be from the time of receipt and still be taken."""

_CHUNK = 2**20
_SECRET_BYTES = 128
_SETTLING_SECONDS = 120.0
"""nbgrader makes files readable for others after it has written the last one."""
_SECRET = re.compile(r"[0-9a-f]{128}")
_SKIPPED = {"__pycache__", ".ipynb_checkpoints", "__MACOSX", ".DS_Store", "Thumbs.db"}
_OURS = {STAMP_FILE, SECRET_FILE, "제출 확인.md"}
"""Files that nobody wrote as work: nbgrader's two, and the receipt beside the notebook (`course.submit`)."""
_FEW_NAMES = 5
_ASSIGNMENT = re.compile(r"[\w.-]{1,120}")


class OwnerCheck(StrEnum):
    """How the owner of a folder is compared with the student in its name."""

    AUTO = "auto"
    """Compared, unless the folder belongs to the grader's own user: then everyone is one user (demo mode)."""
    ON = "on"
    OFF = "off"
    """Everyone has the same user (containers): nothing to compare."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a folder's name says; nothing of it is known to be true."""

    student: str
    assignment: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Complete:
    """One complete folder that nobody has looked into yet.

    Args:
        name: the folder's.
        claim: what its name says.
        lane: whose the folder is as far as the file system tells, else as its name says: who shares a bound with it.
        changed: the newest change of the folder, its time and its secret, seconds since the epoch.
    """

    name: str
    claim: Claim
    lane: str
    changed: float

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """Which of a student's folders is the later one, by the time that would count."""
        return _counting(self.claim.stamp, _utc(self.changed))[0], self.name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is copied out of a folder beside the time and the secret.

    Args:
        notebook: file name of the assignment's notebook; "" where nobody knows it.
        extra_files: other file names that the assignment allows.
    """

    notebook: str = ""
    extra_files: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One handed-in folder, copied.

    Args:
        folder: its name in ``inbound``.
        student: who handed it in.
        assignment: assignment id as stated.
        received_at: the time that counts, ISO 8601 in UTC.
        claimed_at: the time stated by the student's side, ISO 8601, or "" if it states none.
        owner_checked: the folder's owner was compared with the student's name.
        secret: the submission's own secret, or "" if the file holds something else: then the student's "Fetch
            Feedback" cannot find a page.
        files: relative paths copied.
        refused: (code, relative path) of what was not.
        left: some names of files that are none of those wanted.
    """

    folder: str
    student: str
    assignment: str
    received_at: str
    claimed_at: str
    owner_checked: bool
    secret: str
    files: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    left: tuple[str, ...] = ()

    @property
    def clock_differs(self) -> bool:
        """Whether the stated time was not believed."""
        return bool(self.claimed_at) and self.claimed_at != self.received_at


def parse_folder(name: str) -> Claim | None:
    """Return what ``USER+ASSIGNMENT+TIMESTAMP[+RANDOM]`` says, or None if it is not such a name."""
    parts = name.split("+")
    if len(parts) not in (3, 4) or not parts[0] or not _ASSIGNMENT.fullmatch(parts[1]) or parts[1].startswith("."):
        return None
    return Claim(parts[0], parts[1], parts[2])


class Inbound:
    """The ``inbound`` folder of one course.

    Args:
        exchange: the exchange's root.
        course_id: the course's folder in it.
        check: see `OwnerCheck`.
        prefix: what unix user names have before the student's name (``jupyter-`` on The Littlest JupyterHub).
    """

    def __init__(self, exchange: Path, course_id: str, check: OwnerCheck = OwnerCheck.AUTO, prefix: str = "") -> None:
        self.path = exchange / course_id / "inbound"
        self._outbound = exchange / course_id / "outbound"
        self._check = check
        self._prefix = prefix

    def released(self) -> frozenset[str]:
        """Return the assignments that students can fetch, and so hand in.

        Raises:
            InfrastructureError: the exchange cannot be read now (``exchange-unreadable``).
        """
        try:
            with os.scandir(self._outbound) as entries:
                return frozenset(entry.name for entry in entries if entry.is_dir())
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise InfrastructureError(
                "exchange-unreadable",
                "교환 폴더를 읽을 수 없습니다. 폴더의 권한과 연결을 확인하세요.",
                detail=str(error),
            ) from error

    def names(self, known: Container[str] = ()) -> list[str]:
        """Return the names of folders that are named like submissions and are not known yet."""
        try:
            with os.scandir(self.path) as entries:
                return [e.name for e in entries if e.name not in known and parse_folder(e.name)]
        except FileNotFoundError:
            return []

    def look(self, name: str) -> Complete | None:
        """Return what a folder shows from outside, None while it is not complete.

        nbgrader writes the secret last: a folder is complete once that file has its length. What is no folder is
        complete at once: it never will be, and taking it says why.
        """
        claim = parse_folder(name)
        assert claim is not None
        try:
            about = os.lstat(self.path / name)
            changed = about.st_ctime
            if stat.S_ISDIR(about.st_mode):
                secret = os.lstat(self.path / name / SECRET_FILE)
                if not stat.S_ISREG(secret.st_mode) or secret.st_size < _SECRET_BYTES:
                    return None
                changed = max(changed, secret.st_ctime)
        except OSError:
            return None
        lane = f"uid {about.st_uid}" if self._compares(about.st_uid) else claim.student
        return Complete(name, claim, lane, changed)

    def complete(self, known: Container[str] = ()) -> list[str]:
        """Return the names of complete folders that are not known yet, oldest first."""
        found = (self.look(name) for name in self.names(known))
        return [folder.name for folder in sorted((f for f in found if f), key=lambda f: (f.claim.stamp, f.name))]

    def take(self, folder: str, into: Path, wanted: Wanted = Wanted()) -> Delivery:
        """Copy what is wanted of a folder into `into` (which must not exist); return what is known about it.

        Raises:
            IntakeError: it must not be taken; the code says why (``folder-name``, ``folder-link``, ``owner-mismatch``,
                ``student-name``, ``delivery-too-large``, ``folder-unreadable``), or not yet (``folder-not-ready``).
                Nothing is left in `into`.
            InfrastructureError: the copy could not be written (``copy-unwritable``): trouble of ours, try again.
        """
        claim = _claim(folder)
        try:
            with self._opened(folder) as descriptor:
                about = os.fstat(descriptor)
                checked = self._owner(claim.student, about.st_uid, folder)
                copy = _Copy(into, about.st_uid, about.st_ctime, wanted)
                try:
                    copy.all(descriptor)
                    copy.settled()
                except BaseException:
                    shutil.rmtree(into, ignore_errors=True)
                    raise
        except OSError as error:
            raise _unreadable(folder, error) from error
        secret = _text(into / SECRET_FILE).strip()
        return _delivery(folder, claim, checked, copy.newest, secret, copy)

    def peek(self, folder: str) -> Delivery:
        """Return what is known about a folder without a copy: whose, when, its secret; raises IntakeError as `take`."""
        claim = _claim(folder)
        try:
            with self._opened(folder) as descriptor:
                about = os.fstat(descriptor)
                checked = self._owner(claim.student, about.st_uid, folder)
                secret, newest = "", about.st_ctime
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                with contextlib.suppress(FileNotFoundError):
                    inner = os.open(SECRET_FILE, flags, dir_fd=descriptor)
                    with os.fdopen(inner, "rb") as file:
                        own = os.fstat(inner)
                        if stat.S_ISREG(own.st_mode) and own.st_uid == about.st_uid:
                            secret = file.read(_SECRET_BYTES).decode("ascii", "replace")
                            newest = max(newest, own.st_ctime)
        except OSError as error:
            raise _unreadable(folder, error) from error
        return _delivery(folder, claim, checked, newest, secret, None)

    @contextmanager
    def _opened(self, folder: str) -> Iterator[int]:
        try:
            descriptor = os.open(self.path / folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except NotADirectoryError as error:
            raise IntakeError("folder-link", "제출물이 폴더가 아니거나 다른 곳을 가리킵니다.", detail=folder) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _compares(self, uid: int) -> bool:
        return not (self._check is OwnerCheck.OFF or (self._check is OwnerCheck.AUTO and uid == os.geteuid()))

    def _owner(self, student: str, uid: int, folder: str) -> bool:
        """Return whether the owner was compared; raises IntakeError (``owner-mismatch``) if they differ."""
        if not self._compares(uid):
            return False
        try:
            owner = pwd.getpwuid(uid).pw_name
        except KeyError:
            owner = f"uid {uid}"
        if owner != self._prefix + student:
            raise IntakeError(
                "owner-mismatch",
                "제출 폴더의 소유자와 적힌 이름이 다릅니다.",
                detail=f"{folder} is owned by {owner}",
            )
        return True


class _Copy:
    """Copies wanted regular files out of an open folder, and remembers the newest change among what was copied.

    A change of content, name or number of links moves ``st_ctime``, which no user can set back. What is not wanted is
    not opened, and costs nobody a submission, however large it is and however much of it there is.
    """

    def __init__(self, into: Path, uid: int, newest: float, wanted: Wanted) -> None:
        self.into = into
        self.uid = uid
        self.newest = newest
        self.wanted = wanted
        self.files: list[str] = []
        self.refused: list[tuple[str, str]] = []
        self.unwanted: list[str] = []
        self._notebooks = 0
        self._seen = 0
        self._left = MAX_TOTAL

    def all(self, descriptor: int) -> None:
        """Copy the time, the secret and the notebook of the expected name, then what else is wanted."""
        with _writing():
            private_folder(self.into.parent)
            self.into.mkdir(mode=0o700)
        extra = [name for name in self.wanted.extra_files if Path(name).name == name]
        named = [STAMP_FILE, SECRET_FILE, self.wanted.notebook, *extra]
        for name in dict.fromkeys(filter(None, named)):
            self._entry(descriptor, name, name, 1, expected=True)
        self._folder(descriptor, "", MAX_DEPTH, frozenset(named))

    def settled(self) -> None:
        """Raise IntakeError (``folder-not-ready``) while nbgrader may still be about to set the files' permissions."""
        age = dt.datetime.now(dt.UTC).timestamp() - self.newest
        if 0 <= age < _SETTLING_SECONDS and any(code == "file-unreadable" for code, _ in self.refused):
            raise IntakeError("folder-not-ready", "제출이 아직 끝나지 않았습니다.", detail=str(self.refused))

    def _folder(self, descriptor: int, above: str, depth: int, done: Container[str] = ()) -> None:
        names = []
        with os.scandir(descriptor) as entries:
            for entry in entries:
                self._seen += 1
                if self._seen > MAX_NAMES:
                    break
                if entry.name not in done and entry.name not in _SKIPPED:
                    names.append((entry.is_dir(follow_symlinks=False), entry.name))
        for is_folder, name in sorted(names):  # files before folders
            path = f"{above}/{name}" if above else name
            if is_folder and not name.startswith("."):
                if depth > 1:
                    self._entry(descriptor, name, path, depth)
            elif name.endswith(".ipynb") and self._notebooks < MAX_NOTEBOOKS:
                self._entry(descriptor, name, path, depth)
            elif name not in _OURS and len(self.unwanted) < _FEW_NAMES:
                self.unwanted.append(path)

    def _entry(self, descriptor: int, name: str, path: str, depth: int, *, expected: bool = False) -> None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            inner = os.open(name, flags, dir_fd=descriptor)
        except FileNotFoundError:
            return
        except OSError as error:
            link = stat.S_ISLNK(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode)
            self.refused.append(("file-symlink" if link else "file-unreadable", f"{path}: {error.strerror}"))
            if link and name.endswith(".ipynb"):
                with _writing():
                    private_folder((self.into / path).parent)
                    (self.into / path).symlink_to("refused")  # intake names it as what it was
            return
        try:
            about = os.fstat(inner)
            if stat.S_ISDIR(about.st_mode) and not expected:
                self._folder(inner, path, depth - 1)
            elif not stat.S_ISREG(about.st_mode) or about.st_uid != self.uid:
                self.refused.append(("file-special", path))
            else:
                self._file(inner, path, about)
        finally:
            os.close(inner)

    def _file(self, descriptor: int, path: str, about: os.stat_result) -> None:
        room = min(MAX_FILE, self._left)
        if about.st_size > room:
            if self.wanted.notebook in self.files:
                self.refused.append(("file-too-large", path))
                return
            raise _too_large(f"{path}: {about.st_size} bytes")
        with _writing():
            private_folder((self.into / path).parent)
        with os.fdopen(os.dup(descriptor), "rb") as source, _writing(), (self.into / path).open("xb") as target:
            while chunk := _read(source, path):
                room -= len(chunk)
                self._left -= len(chunk)
                if room < 0:  # it has grown since
                    raise _too_large(path)
                target.write(chunk)
            target.flush()
            if path not in (STAMP_FILE, SECRET_FILE):  # the receipt itself holds these two
                os.fsync(target.fileno())  # the receipt that is written next says that this is here
        self.newest = max(self.newest, about.st_ctime, os.fstat(descriptor).st_ctime)
        self.files.append(path)
        self._notebooks += path.endswith(".ipynb")


def collect(copy: Path, submitted: Path, received_at: str) -> None:
    """Put a taken copy where ``nbgrader collect`` would have put it, in place of what was there.

    Args:
        copy: the folder that `Inbound.take` filled.
        submitted: ``submitted/STUDENT/ASSIGNMENT``.
        received_at: the time that counts, written to ``timestamp.txt`` as nbgrader writes it.
    """
    moment = dt.datetime.fromisoformat(received_at).astimezone(dt.UTC)
    stamp = f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"
    if _text(submitted / STAMP_FILE) == stamp and _text(submitted / SECRET_FILE) == _text(copy / SECRET_FILE):
        return
    shared_folder(submitted.parent)
    fresh, old = (submitted.parent / f".{submitted.name}.{part}" for part in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(copy, fresh, ignore=lambda folder, names: [n for n in names if Path(folder, n).is_symlink()])
    (fresh / STAMP_FILE).write_text(stamp, encoding="utf-8")
    if submitted.exists():
        submitted.rename(old)
    fresh.rename(submitted)
    shutil.rmtree(old, ignore_errors=True)


def release_feedback(exchange: Path, course_id: str, secret: str, notebook_ids: Iterable[str], html: str) -> list[Path]:
    """Write a feedback page into the exchange under nbgrader's names for this submission; returns the paths.

    Args:
        exchange: the exchange's root.
        course_id: the course's folder in it.
        secret: the submission's own secret, 128 hex digits.
        notebook_ids: file names without suffix: the assignment's, and the one the student's notebook has.
        html: the page.

    Raises:
        GraderError: ``secret-malformed``, or ``exchange-unwritable``.
    """
    if not _SECRET.fullmatch(secret):
        raise GraderError("secret-malformed", "제출물의 비밀값이 nbgrader의 형식이 아닙니다.")
    folder = exchange / course_id / "feedback"
    paths = []
    with _answering():
        _open_to_who_knows(folder)
        for notebook_id in sorted(set(notebook_ids)):
            name = hashlib.md5((secret + notebook_id).encode(), usedforsecurity=False).hexdigest()
            path = folder / f"{name}.html"
            if _text(path) != html:
                write_atomically(path, html)
                path.chmod(0o644)
            paths.append(path)
    return paths


def receipt_path(exchange: Path, course_id: str, secret: str) -> Path:
    """Return where a submission's receipt stands: who has its secret knows the name, and nobody else does."""
    name = hashlib.sha256(f"{secret}receipt".encode()).hexdigest()
    return exchange / course_id / "receipts" / f"{name}.json"


def release_receipt(exchange: Path, course_id: str, secret: str, text: str) -> Path:
    """Write a submission's receipt into the exchange; returns the path.

    Args:
        exchange: the exchange's root.
        course_id: the course's folder in it.
        secret: the submission's own secret, 128 hex digits.
        text: the receipt, JSON.

    Raises:
        GraderError: ``secret-malformed``, or ``exchange-unwritable``.
    """
    if not _SECRET.fullmatch(secret):
        raise GraderError("secret-malformed", "제출물의 비밀값이 nbgrader의 형식이 아닙니다.")
    path = receipt_path(exchange, course_id, secret)
    with _answering():
        _open_to_who_knows(path.parent)
        write_atomically(path, text)
        path.chmod(0o644)
    return path


def _open_to_who_knows(folder: Path) -> None:
    """Make a folder whose files can be opened by whoever knows their names, and not listed; nobody else writes in it.

    The course's folder above it, if nbgrader has not made it yet, is as nbgrader makes it.
    """
    for place, mode in ((folder.parent, 0o755), (folder, 0o711)):
        if not place.is_dir():
            place.mkdir(mode=mode, parents=True, exist_ok=True)
            place.chmod(mode)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GraderError(
            "exchange-unwritable",
            "교환 폴더에 쓸 수 없습니다. 폴더의 권한과 디스크 공간을 확인하세요.",
            detail=str(error),
        ) from error


def _claim(folder: str) -> Claim:
    claim = parse_folder(folder)
    if claim is None:
        raise IntakeError("folder-name", "제출 폴더의 이름이 nbgrader의 형식이 아닙니다.", detail=folder)
    if student_id(claim.student) != (claim.student, False):
        raise IntakeError(
            "student-name", "제출 폴더에 적힌 학생 이름을 쓸 수 없습니다. 조교에게 문의하세요.", detail=folder
        )
    return claim


def _delivery(folder: str, claim: Claim, checked: bool, newest: float, secret: str, copy: _Copy | None) -> Delivery:
    counts, claimed = _counting(claim.stamp, min(_utc(newest), dt.datetime.now(dt.UTC)))
    return Delivery(
        folder=folder,
        student=claim.student,
        assignment=claim.assignment,
        received_at=counts.isoformat(),
        claimed_at=claimed,
        owner_checked=checked,
        secret=secret if _SECRET.fullmatch(secret) else "",
        files=tuple(copy.files) if copy else (),
        refused=tuple(copy.refused) if copy else (),
        left=tuple(copy.unwanted) if copy else (),
    )


def _counting(stamp: str, received: dt.datetime) -> tuple[dt.datetime, str]:
    """Return the time that counts, and the stated one in UTC ("" for none)."""
    claimed = parse_timestamp(stamp)
    if claimed is None:
        return received, ""
    stated = dt.datetime.fromisoformat(claimed).astimezone(dt.UTC)
    return stated if abs(stated - received) <= TOLERANCE else received, stated.isoformat()


def _utc(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@contextmanager
def _writing() -> Iterator[None]:
    """Tell trouble with our own disk from trouble with what was handed in."""
    try:
        yield
    except OSError as error:
        raise InfrastructureError(
            "copy-unwritable",
            "제출물의 사본을 만들 수 없습니다. 디스크 공간과 결과 폴더의 권한을 확인하세요.",
            detail=str(error),
        ) from error


def _text(path: Path) -> str:
    """Return a small file's text without following a link, "" if there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
            return file.read(MAX_FILE)
    except OSError:
        return ""


def _read(source: BinaryIO, path: str) -> bytes:
    """Return the next bytes of a student's file; where it cannot be read, that is no trouble of ours."""
    try:
        return source.read(_CHUNK)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(name: str, error: OSError) -> IntakeError:
    return IntakeError(
        "folder-unreadable",
        "제출 폴더를 읽을 수 없습니다. 다시 제출해 보고, 계속되면 조교에게 알려 주세요.",
        detail=f"{name}: {error}",
    )


def _too_large(detail: str) -> IntakeError:
    return IntakeError(
        "delivery-too-large",
        f"제출한 노트북이 너무 큽니다. 한 파일은 {MAX_FILE >> 20}MB, 모두 합해 {MAX_TOTAL >> 20}MB까지 받습니다. "
        "노트북의 출력을 지우고 다시 제출하세요.",
        detail=detail,
    )
