"""Owns safe access to what a source holds: its files as `Entry` values, read with caps, and those of a folder.

No link is followed, nothing but regular files is opened. An entry that must not be read is listed all the same, with
the code of its verdict, so that whoever it belongs to hears of it. What a zip holds is `archives`' to say.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder.intake.names import readable

__all__ = [
    "MAX_ENTRIES",
    "UNREADABLE",
    "Entry",
    "EntryError",
    "Listing",
    "is_ignored",
    "is_notebook",
    "open_folder",
    "read_file",
    "refuse",
    "unreadable",
]

_CHUNK = 2**16
MAX_ENTRIES = 20_000
"""Files and folders listed of one source, those of the archives within it included."""

_MAX_DEPTH = 8
_IGNORED = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"}

UNREADABLE = "?.ipynb"
"""Name of the entry that stands for a folder that is not looked into; reading it says why."""


class EntryError(Exception):
    """This entry cannot be read; `code` is the verdict's."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder of a source.

    Args:
        parts: its path below the source's root, or below the folder that `above` leads to.
        folder: it is a folder.
        read: returns at most so many bytes of its content; raises EntryError.
        modified: when it was last changed, in seconds since 1970, as the source has it; None if that is not known.
        above: what was taken off its path, the source's root first.
        called: the name that the student gave it, where a system wrote the student's name before it.
        packed: it stands in an archive.
        inside: for an archive, returns the entries within it, below its own parts; never raises.
    """

    parts: tuple[str, ...]
    folder: bool
    read: Callable[[int], bytes]
    modified: float | None = None
    above: tuple[str, ...] = ()
    called: str = ""
    packed: bool = False
    inside: Callable[[], tuple[Entry, ...]] | None = None

    @property
    def name(self) -> str:
        """The student's own name for it, or the last part; NFC."""
        return unicodedata.normalize("NFC", self.called or self.parts[-1])

    @property
    def path(self) -> tuple[str, ...]:
        """Its path below the source's root."""
        return (*self.above, *self.parts)

    def below(self, count: int) -> Entry:
        """Return the entry with its first parts taken off."""
        return replace(self, parts=self.parts[count:], above=(*self.above, *self.parts[:count]))

    def within(self) -> tuple[Entry, ...]:
        """Return what an archive holds, its paths as this entry's are; nothing for any other entry."""
        if self.inside is None:
            return ()
        taken = len(self.above)
        return tuple(replace(e, parts=e.parts[taken:], above=self.above) for e in self.inside())


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds, sorted by path, and what was refused: (verdict code, name as stated)."""

    entries: tuple[Entry, ...]
    refused: tuple[tuple[str, str], ...] = ()


@contextmanager
def open_folder(root: Path) -> Iterator[Listing]:
    """List a folder. Links and devices are listed with a `read` that refuses; unreadable folders likewise."""
    entries: list[Entry] = []
    complete = _walk(root, (), entries, dated=not (root / ".git").exists())
    yield Listing(
        tuple(sorted(entries, key=lambda entry: entry.parts)), () if complete else (("source-too-many", root.name),)
    )


def is_notebook(entry: Entry) -> bool:
    """Return whether the entry is a file with a notebook's suffix."""
    return not entry.folder and entry.name.casefold().endswith(".ipynb")


def is_ignored(name: str) -> bool:
    """Return whether a file or folder of this name is of no student's making: hidden ones, and what systems leave."""
    hidden = name.startswith(".") and not (name.casefold().endswith(".ipynb") and not name.startswith("._"))
    return hidden or name in _IGNORED


def refuse(code: str, detail: str, _limit: int) -> bytes:
    """Be the `read` of an entry that must not be read: raises EntryError."""
    raise EntryError(code, detail)


def unreadable(parts: tuple[str, ...], code: str, detail: str) -> Entry:
    """Return the entry that stands for a folder or archive that is not looked into."""
    return Entry((*parts, UNREADABLE), False, partial(refuse, code, detail))


def read_file(path: Path, limit: int, *, follow: bool = False) -> bytes:
    """Return at most `limit` bytes of a regular file; raises EntryError for a link (unless `follow`) or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if not follow and path.is_symlink():
            raise EntryError("file-symlink", str(path))
        descriptor = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise EntryError("file-special", str(path))
            return file.read(min(limit, max(os.fstat(descriptor).st_size, _CHUNK) + 1))  # it takes what it is asked for
    except (OSError, ValueError) as error:
        raise EntryError("file-unreadable", f"{type(error).__name__}: {error}") from error


def _walk(folder: Path, above: tuple[str, ...], entries: list[Entry], *, dated: bool) -> bool:
    """Append what stands in a folder; return False once there are too many entries.

    Files of a clone are not `dated`: git gives them the time of the checkout.
    """
    try:
        found = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as error:
        if above:
            entries.append(unreadable(above, "file-unreadable", str(error)))
        return True
    dated = dated and not any(item.name == ".git" for item in found)
    for item in found:
        parts = (*above, readable(item.name))
        if is_ignored(parts[-1]):
            continue
        if len(entries) >= MAX_ENTRIES:
            return False
        if item.is_dir(follow_symlinks=False):
            entries.append(Entry(parts, True, partial(refuse, "file-special", "folder")))
            if len(parts) < _MAX_DEPTH and not _walk(Path(item.path), parts, entries, dated=dated):
                return False
        elif item.is_symlink() and item.is_dir():
            entries.append(unreadable(parts, "file-symlink", item.path))
        else:
            entries.append(Entry(parts, False, partial(read_file, Path(item.path)), _changed(item) if dated else None))
    return True


def _changed(item: os.DirEntry[str]) -> float | None:
    try:
        return item.stat(follow_symlinks=False).st_mtime
    except OSError:
        return None
