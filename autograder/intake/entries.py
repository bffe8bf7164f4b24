"""Owns safe access to what a source holds: a folder's or a zip's files as `Entry` values, read with caps.

Nothing is extracted, no link is followed, nothing but regular files is opened. An entry that must not be read is
listed all the same, with the code of its verdict, so that whoever it belongs to hears of it; names that point outside
the archive belong to nobody and are listed as refused.
"""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.intake.document import MAX_RAW_BYTES
from autograder.intake.names import readable

__all__ = ["MAX_ENTRIES", "UNREADABLE", "Entry", "EntryError", "Listing", "open_folder", "open_zip", "read_file"]

MAX_ENTRIES = 20_000
MAX_ZIP_TOTAL = 8 * 2**30
"""Bytes read out of one archive altogether, about a minute: 60 notebooks of the largest size, 800 of 10 MB."""
MAX_RATIO = 200
"""Largest ratio of plain to packed size of a member that is too large to be read: what it is called, then. One line
printed a million times is packed a thousand times smaller, and is no bomb: no more than the limit is ever unpacked."""

_MAX_DIRECTORY = 16 * 2**20
"""Bytes of a zip's central directory, which zipfile reads at once."""
_MAX_DEPTH = 6
_IGNORED = {"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"}
_CHUNK = 2**16

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
        parts: its path below the source's root.
        folder: it is a folder.
        read: returns at most so many bytes of its content; raises EntryError.
    """

    parts: tuple[str, ...]
    folder: bool
    read: Callable[[int], bytes]

    @property
    def name(self) -> str:
        """The last part, NFC."""
        return unicodedata.normalize("NFC", self.parts[-1])


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds, sorted by path, and what was refused: (verdict code, name as stated)."""

    entries: tuple[Entry, ...]
    refused: tuple[tuple[str, str], ...] = ()


@contextmanager
def open_folder(root: Path) -> Iterator[Listing]:
    """List a folder. Links and devices are listed with a `read` that refuses; unreadable folders likewise."""
    entries: list[Entry] = []
    complete = _walk(root, (), entries)
    yield Listing(_sorted(entries), () if complete else (("source-too-many", root.name),))


@contextmanager
def open_zip(path: Path) -> Iterator[Listing]:
    """List a zip archive, open for reading while the context lasts; a broken archive is a refused listing."""
    with path.open("rb") as file:
        try:
            if _directory_size(file) > _MAX_DIRECTORY:
                raise EntryError("zip-bomb", "central directory too large")
            archive = zipfile.ZipFile(file)
        except EntryError as error:
            yield Listing((), ((error.code, error.detail),))
            return
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, EOFError) as error:
            yield Listing((), (("zip-broken", f"{type(error).__name__}: {error}"),))
            return
        with archive:
            yield _list_zip(archive)


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


def _walk(folder: Path, above: tuple[str, ...], entries: list[Entry]) -> bool:
    """Append what stands in a folder; return False once there are too many entries."""
    try:
        found = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as error:
        if above:
            entries.append(Entry((*above, UNREADABLE), False, partial(_refuse, "file-unreadable", str(error))))
        return True
    for item in found:
        parts = (*above, readable(item.name))
        if _is_ignored(parts[-1]):
            continue
        if len(entries) >= MAX_ENTRIES:
            return False
        if item.is_dir(follow_symlinks=False):
            entries.append(Entry(parts, True, partial(_refuse, "file-special", "folder")))
            if len(parts) < _MAX_DEPTH and not _walk(Path(item.path), parts, entries):
                return False
        elif item.is_symlink() and item.is_dir():
            entries.append(Entry((*parts, UNREADABLE), False, partial(_refuse, "file-symlink", item.path)))
        else:
            entries.append(Entry(parts, False, partial(read_file, Path(item.path))))
    return True


def _list_zip(archive: zipfile.ZipFile) -> Listing:
    infos = archive.infolist()
    refused: list[tuple[str, str]] = []
    if len(infos) > MAX_ENTRIES:
        refused.append(("source-too-many", f"{len(infos)} entries"))
    stated = [(info, _zip_name(info)) for info in infos[:MAX_ENTRIES]]
    counts = Counter(PurePosixPath(name) for info, name in stated if not info.is_dir())
    budget = _Budget(MAX_ZIP_TOTAL)
    entries: dict[tuple[str, ...], Entry] = {}
    for info, name in stated:
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isascii() and name[0].isalpha()):
            refused.append(("zip-absolute", name))
        elif ".." in parts:
            refused.append(("zip-traversal", name))
        elif not parts or any(_is_ignored(part) for part in parts):
            continue
        elif counts[PurePosixPath(name)] > 1:
            entries[parts] = Entry(parts, False, partial(_refuse, "zip-duplicate", name))
        else:
            folder = name.endswith("/")
            entries.setdefault(parts, Entry(parts, folder, partial(_read_member, archive, info, budget)))
    return Listing(_sorted(list(entries.values())), tuple(refused))


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, limit: int) -> bytes:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise EntryError("file-symlink", info.filename)
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise EntryError("file-special", info.filename)
    if info.flag_bits & 0x1:
        raise EntryError("zip-encrypted", info.filename)
    if info.file_size > MAX_RAW_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise EntryError("zip-bomb", f"{info.file_size} bytes from {info.compress_size}")
    kept = bytearray()
    try:
        with archive.open(info) as member:
            while len(kept) < limit and (chunk := member.read(min(_CHUNK, limit - len(kept)))):
                kept += chunk
                budget.spend(len(chunk))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise EntryError("zip-broken", f"{type(error).__name__}: {error}") from error
    return bytes(kept)


class _Budget:
    """Counts the bytes read out of one archive; raises EntryError (``zip-bomb``) past its total."""

    def __init__(self, total: int) -> None:
        self._left = total

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise EntryError("zip-bomb", "total size")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the member's name with forward slashes, decoded as the tool that wrote it meant it."""
    name = info.orig_filename.split("\0")[0]
    if not info.flag_bits & 0x800:
        with suppress(UnicodeEncodeError):
            name = readable(name, name.encode("cp437"))
    return name.replace("\\", "/")


def _directory_size(file: BinaryIO) -> int:
    """Return the largest central directory size that any end record in the archive's tail states, in bytes.

    Layout of the records: PKWARE APPNOTE 4.3.14 and 4.3.16.
    """
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - 2**16 - 128))
    tail = file.read()
    file.seek(0)
    sizes = [0]
    for signature, offset, form in ((b"PK\5\6", 12, "<L"), (b"PK\6\6", 40, "<Q")):
        at = tail.find(signature)
        while at >= 0:
            field = tail[at + offset : at + offset + struct.calcsize(form)]
            if len(field) == struct.calcsize(form) and field != b"\xff\xff\xff\xff":
                sizes.append(int(struct.unpack(form, field)[0]))
            at = tail.find(signature, at + 1)
    return max(sizes)


def _refuse(code: str, detail: str, _limit: int) -> bytes:
    raise EntryError(code, detail)


def _is_ignored(name: str) -> bool:
    hidden = name.startswith(".") and not (name.casefold().endswith(".ipynb") and not name.startswith("._"))
    return hidden or name in _IGNORED


def _sorted(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.parts))
