"""A sandbox's working folder as the notebook left it: what is in it, copies of what student code changed, its return.

Owns copies of a folder's content, kept beside the sandbox's folder where no sandbox can reach them. The folder itself
stays the same one: Landlock's rule and every working directory hang on it. All steps go by descriptor, as in `scratch`.
Nothing is copied that is still as the trusted side wrote it, and nothing is put back where nothing changed: for a
notebook that writes no files a question costs one walk through the folder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox.processes import scratch

__all__ = ["Room", "Snapshot"]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 20
_MOST_FILES = 1 << 20
_RACY_NS = 40_000_000
"""A change time is as coarse as the kernel's tick (10 ms at most): a file that changed this shortly before a look may
change again without its time moving, so that the look proves nothing (as with git's index)."""

_Mark = tuple[int, int, int, int]
"""Inode, size, modification and change time of an entry, in ns: what a change moves. Student code can set none of them
back: calls that set times do nothing in a sandbox."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder at one moment.

    Args:
        folders: relative names, each ending in "/", outer ones first.
        given: files that were still as the trusted side had written them.
        kept: files whose content had to be kept -> name of the copy.
        used: bytes and files the folder held.
    """

    folders: tuple[str, ...]
    given: tuple[str, ...]
    kept: dict[str, str]
    used: scratch.Usage


@dataclass(frozen=True, slots=True)
class _Equal:
    """The folder was equal to `snapshot` when it looked like `marks`, at `seen` (`time.time_ns`)."""

    snapshot: Snapshot
    marks: dict[str, _Mark]
    seen: int


@dataclass(slots=True)
class Room:
    """The folder of one sandbox.

    Args:
        folder: its path.
        files: content of the files that were put there before student code ran.
        uid: who owns what is in it, or None.
    """

    folder: str
    files: Mapping[str, bytes]
    uid: int | None
    _shelf: str = ""
    _given: dict[str, _Mark] = field(default_factory=dict)
    _equal: _Equal | None = None

    def furnish(self) -> None:
        """Put the files into the folder, which no student code has touched yet; raises as `scratch.write_files`."""
        scratch.write_files(self.folder, self.files, self.uid)
        self._given = {name: mark for name, mark in self._look().items() if name in self.files}

    def keep(self) -> Snapshot:
        """Return a snapshot of the folder as it is now, without what vanishes meanwhile because a thread goes on.

        Raises:
            OSError: the copies cannot be written.
        """
        marks = self._look()
        given, kept = [], {}
        for name, mark in marks.items():
            if name.endswith("/"):
                continue
            if self._given.get(name) == mark:
                given.append(name)
            else:
                # Gone by now, or closed to the grader by its mode. A full disk is ours, and raises.
                with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                    kept[name] = self._copy_out(name)
        folders = tuple(sorted(name for name in marks if name.endswith("/")))
        snapshot = Snapshot(folders, tuple(given), kept, scratch.measure(self.folder, _MOST_FILES))
        self._equal = _Equal(snapshot, marks, time.time_ns())
        return snapshot

    def restore(self, snapshot: Snapshot) -> None:
        """Make the folder what it was; returns at once where nothing has changed since."""
        if self._equal is not None and self._equal.snapshot is snapshot and self._unchanged(self._equal):
            return
        top = os.open(self.folder, _FOLDER)
        try:
            scratch.empty(top)
            for name in snapshot.folders:
                os.mkdir(name.rstrip("/"), 0o700, dir_fd=top)
                self._own(top, name.rstrip("/"))
            for name in (*snapshot.given, *snapshot.kept):
                self._put_back(top, name, snapshot.kept.get(name, ""))
        finally:
            os.close(top)
        marks = self._look()
        self._given.update({name: marks[name] for name in snapshot.given if name in marks})
        self._equal = _Equal(snapshot, marks, time.time_ns())

    def forget(self, snapshot: Snapshot) -> None:
        """Remove the copies of a snapshot that is needed no more."""
        for copy in snapshot.kept.values():
            with contextlib.suppress(OSError):
                Path(self._shelf, copy).unlink()

    def close(self) -> None:
        """Remove all copies."""
        if self._shelf:
            scratch.wipe(self._shelf)
            self._shelf = ""

    def _unchanged(self, equal: _Equal) -> bool:
        newest = max((mark[3] for mark in equal.marks.values()), default=0)
        return newest < equal.seen - _RACY_NS and self._look() == equal.marks

    def _look(self) -> dict[str, _Mark]:
        """Return the mark of everything in the folder; names of folders end in "/", the folder itself is "/"."""
        marks: dict[str, _Mark] = {}
        for name, status in _walk(self.folder):
            # A folder's change time moves with its entries, which are looked at themselves.
            whole = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            marks[name] = whole if stat.S_ISREG(status.st_mode) else (status.st_ino, 0, 0, 0)
        return marks

    def _copy_out(self, name: str) -> str:
        if not self._shelf:
            # Beside the sandbox's folder: its ruleset allows nothing there. 0700, and owned by the grader.
            self._shelf = f"{os.path.dirname(self.folder)}/{secrets.token_hex(12)}"  # noqa: PTH120
            Path(self._shelf).mkdir(mode=0o700)
        copy = secrets.token_hex(12)
        with _opened(self.folder, name) as source:
            target = os.open(f"{self._shelf}/{copy}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                _copy(source, target)
            finally:
                os.close(target)
        return copy

    def _put_back(self, top: int, name: str, copy: str) -> None:
        target = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=top)
        try:
            if copy:
                source = os.open(f"{self._shelf}/{copy}", _FILE)
                try:
                    _copy(source, target)
                finally:
                    os.close(source)
            else:
                view = memoryview(self.files[name])
                while view:
                    view = view[os.write(target, view) :]
        finally:
            os.close(target)
        self._own(top, name)

    def _own(self, top: int, name: str) -> None:
        if self.uid is not None:
            os.chown(name, self.uid, self.uid, dir_fd=top, follow_symlinks=False)


def _walk(path: str, most_levels: int = 64) -> Iterator[tuple[str, os.stat_result]]:
    """Yield (relative name, status) of files and folders, folders first; what is neither is left out."""
    try:
        top = os.open(path, _FOLDER)
    except OSError:
        return
    open_now = [(top, "", most_levels)]
    while open_now:
        descriptor, prefix, levels = open_now.pop()
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    with contextlib.suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        if stat.S_ISDIR(status.st_mode) and levels:
                            yield f"{prefix}{entry.name}/", status
                            inner = os.open(entry.name, _FOLDER, dir_fd=descriptor)
                            open_now.append((inner, f"{prefix}{entry.name}/", levels - 1))
                        elif stat.S_ISREG(status.st_mode):
                            yield f"{prefix}{entry.name}", status
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _opened(folder: str, name: str) -> Iterator[int]:
    """Open a file below a folder for reading, each step by descriptor; raises OSError."""
    descriptor = os.open(folder, _FOLDER)
    try:
        *folders, last = name.split("/")
        for part in folders:
            inner = os.open(part, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        file = os.open(last, _FILE, dir_fd=descriptor)
    finally:
        os.close(descriptor)
    try:
        yield file
    finally:
        os.close(file)


def _copy(source: int, target: int) -> None:
    """Copy what a file holds, holes left as holes: a file may be far larger than the space it takes."""
    size = os.fstat(source).st_size
    at = 0
    while at < size:
        try:
            start = os.lseek(source, at, os.SEEK_DATA)
            end = os.lseek(source, start, os.SEEK_HOLE)
        except OSError:  # nothing but a hole is left
            break
        os.lseek(source, start, os.SEEK_SET)
        os.lseek(target, start, os.SEEK_SET)
        at = start
        while at < end:
            chunk = os.read(source, min(_CHUNK, end - at))
            if not chunk:
                break
            view = memoryview(chunk)
            while view:
                view = view[os.write(target, view) :]
            at += len(chunk)
        if at < end:
            break
    os.ftruncate(target, size)
