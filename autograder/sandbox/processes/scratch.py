"""Scratch folders: one root for each fork server, one folder for each sandbox; no link in them is ever followed.

Owns everything the trusted side does with files a student made. Every step below a sandbox's folder goes by
descriptor with O_NOFOLLOW, so that a link or a swapped folder leads nowhere; depth costs no stack and no descriptors.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import InfrastructureError

__all__ = ["Usage", "create", "create_root", "empty", "measure", "remove_root", "unlinked_bytes", "wipe", "write_files"]

_PREFIX = "autograder-sandbox-"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Usage:
    """What a scratch folder holds. `too_deep` if it is nested deeper than any honest notebook nests folders."""

    bytes: int
    files: int
    too_deep: bool = False


def create_root() -> tuple[str, int]:
    """Make a root with an unguessable name in the temporary directory and sweep roots whose owner died.

    Returns:
        The path, and a descriptor that holds its lock; the root is in use as long as that is open.
    """
    base = os.path.realpath(tempfile.gettempdir())
    for entry in os.scandir(base):
        if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
            _sweep(entry.path)
    while True:
        path = f"{base}/{_PREFIX}{secrets.token_hex(12)}"
        Path(path).mkdir(mode=0o711)
        lock = os.open(path, _FOLDER)
        fcntl.flock(lock, fcntl.LOCK_SH)
        with contextlib.suppress(FileNotFoundError):  # swept by another grader before it was locked
            Path(path).chmod(0o711)
            return path, lock
        os.close(lock)


def remove_root(path: str, lock: int) -> None:
    """Wipe a root and give up its lock."""
    wipe(path)
    os.close(lock)


def create(root: str, uid: int | None) -> str:
    """Make a sandbox's folder, mode 0700, owned by `uid` if given."""
    path = f"{root}/{secrets.token_hex(12)}"
    Path(path).mkdir(mode=0o700)
    if uid is not None:
        os.chown(path, uid, uid)
    return path


def write_files(path: str, files: Mapping[str, bytes], uid: int | None) -> None:
    """Put files into a folder no student code has touched yet.

    Raises:
        InfrastructureError: a name is not a plain relative path (intake lets none through).
    """
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\0" in name:
            message = "제출 파일의 이름이 올바르지 않아 실행 폴더에 놓을 수 없습니다."
            raise InfrastructureError("scratch-name", message, detail=repr(name))
        folder = Path(path)
        for part in parts[:-1]:
            folder /= part
            if not folder.is_dir():
                folder.mkdir(mode=0o700)
                _give(folder, uid)
        target = folder / parts[-1]
        target.write_bytes(content)
        _give(target, uid)


def measure(path: str, most_files: int) -> Usage:
    """Return what a folder holds now; stops counting beyond `most_files`.

    Student code may be running: what vanishes meanwhile is not counted, and nothing is followed.
    """
    tally = _Tally(most_files)
    with contextlib.suppress(OSError):
        tally.add(os.open(path, _FOLDER), _DEEPEST)
    return Usage(tally.bytes, tally.files, tally.too_deep)


def unlinked_bytes(pid: int) -> int:
    """Return the size of deleted files a process holds open: space that no walk sees."""
    total = 0
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                status = os.stat(entry.path)  # noqa: PTH116  through the link, to the file that is open
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    total += status.st_blocks * 512
    return total


def wipe(path: str) -> None:
    """Remove a folder and all in it; no process of its sandbox may be alive.

    Folders inside are moved up to the top before they are emptied, so that any depth takes two descriptors.
    """
    try:
        top = os.open(path, _FOLDER)
    except FileNotFoundError:
        return
    try:
        empty(top)
    finally:
        os.close(top)
    Path(path).rmdir()


def empty(top: int) -> None:
    """Remove all that an open folder holds; no process of its sandbox may be running."""
    while _empty_once(top):
        pass


class _Tally:
    """A walk in progress: one open folder for each level, so that no folder is reached by a path."""

    def __init__(self, most_files: int) -> None:
        self.most_files = most_files
        self.bytes = self.files = 0
        self.too_deep = False

    def add(self, folder: int, levels: int) -> None:
        """Count what an open folder holds, and close it."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self.files += 1
                    if self.files > self.most_files or self.too_deep:
                        return
                    with contextlib.suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        self.bytes += status.st_blocks * 512
                        if stat.S_ISDIR(status.st_mode):
                            self._enter(entry.name, folder, levels - 1)
        finally:
            os.close(folder)

    def _enter(self, name: str, folder: int, levels: int) -> None:
        if levels == 0:
            self.too_deep = True
        else:
            self.add(os.open(name, _FOLDER, dir_fd=folder), levels)


def _empty_once(top: int) -> bool:
    """Remove files of the top folder, and empty each folder in it by moving its folders up; False when all is gone."""
    with os.scandir(top) as entries:
        names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in names:
        if not is_folder:
            os.unlink(name, dir_fd=top)
            continue
        os.chmod(name, 0o700, dir_fd=top)
        folder = os.open(name, _FOLDER, dir_fd=top)
        try:
            with os.scandir(folder) as entries:
                inner = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
            for child, child_is_folder in inner:
                if child_is_folder:
                    os.chmod(child, 0o700, dir_fd=folder)  # moving a folder rewrites its ".."
                    os.rename(child, secrets.token_hex(12), src_dir_fd=folder, dst_dir_fd=top)
                else:
                    os.unlink(child, dir_fd=folder)
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
    return bool(names)


def _sweep(path: str) -> None:
    """Wipe a root that no living process has locked and that is ours."""
    with contextlib.suppress(OSError):
        lock = os.open(path, _FOLDER)
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                wipe(path)
        finally:
            os.close(lock)


def _give(path: Path, uid: int | None) -> None:
    path.chmod(0o700 if path.is_dir() else 0o600)
    if uid is not None:
        os.chown(path, uid, uid)
