"""Owns what a zip holds, as `Entry` values: the source's own archive, and archives within a source.

Nothing is extracted. Names that point outside the source's archive belong to nobody and are listed as refused. An
archive within the source is one student's: it is opened when somebody asks for what is inside, in memory, and whatever
is wrong with it is that student's alone. Archives are looked into two deep; all caps hold for everything read out of
one source, and lower ones for each student's archive, so that one cannot use up what the others need.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.intake import entries as limits
from autograder.intake.document import MAX_RAW_BYTES
from autograder.intake.entries import Entry, EntryError, Listing, is_ignored, refuse, unreadable
from autograder.intake.names import readable

__all__ = ["Shelf", "open_zip"]

MAX_ZIP_TOTAL = 8 * 2**30
"""Bytes read out of one source's archives altogether, about a minute: 60 notebooks of the largest size."""
MAX_RATIO = 200
"""Largest ratio of plain to packed size of a member that is too large to be read: what it is called, then. One line
printed a million times is packed a thousand times smaller, and is no bomb: no more than the limit is ever unpacked."""
MAX_INNER = 100 * 2**20
"""Bytes of an archive within the source, which is held in memory."""
MAX_INNER_TOTAL = 256 * 2**20
"""Bytes read out of one student's archive, those of an archive in it included."""
MAX_INNER_ENTRIES = 5_000

_DEEPEST = 2
"""An archive within an archive within the source is opened; one more is a file like any other."""
_MAX_DIRECTORY = 16 * 2**20
"""Bytes of a zip's central directory, which zipfile reads at once."""
_CHUNK = 2**16
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    struct.error,
)
"""What zipfile and zlib raise for a damaged archive."""


class Shelf:
    """The archives within one source: lists them once, and keeps the last one of each depth open.

    Args:
        listed: how many entries the source has by itself.
    """

    def __init__(self, listed: int = 0) -> None:
        self.budget = _Budget(MAX_ZIP_TOTAL)
        self._listed = listed
        self._known: dict[tuple[str, ...], tuple[Entry, ...]] = {}
        self._sizes: dict[tuple[str, ...], int] = {}
        self._open: dict[int, tuple[tuple[str, ...], zipfile.ZipFile]] = {}

    def closed(self, entry: Entry, place: _Place | None = None) -> Entry:
        """Return the entry with `inside`, if it is an archive that may be looked into."""
        place = place or _Place()
        if entry.folder or not entry.name.casefold().endswith(".zip"):
            return entry
        return replace(entry, inside=partial(self._inside, entry, place))

    def _inside(self, entry: Entry, place: _Place) -> tuple[Entry, ...]:
        if entry.path not in self._known:
            try:
                self._known[entry.path] = self._list(entry, place)
            except EntryError as error:
                self._known[entry.path] = (unreadable(entry.path, error.code, error.detail),)
        return self._known[entry.path]

    def _list(self, entry: Entry, place: _Place) -> tuple[Entry, ...]:
        if place.depth >= _DEEPEST:
            raise EntryError("zip-nested", "/".join(entry.path))
        budget = place.budget or _Budget(MAX_INNER_TOTAL, self.budget)
        inner = _Place(place.depth + 1, budget, place.ratio * place.own_ratio, charged=place.charged)
        archive = self._opened(entry, inner, first=True)
        count = len(archive.infolist())
        if count > MAX_INNER_ENTRIES or self._listed + count > limits.MAX_ENTRIES:
            raise EntryError("zip-too-many", f"{count} entries")
        self._listed += count

        found: list[Entry] = []
        for info, name in _stated(archive, count):
            parts = _safe_parts(name)
            if parts:
                read = partial(self._read, entry, inner, budget, info)
                ratio = info.file_size / max(info.compress_size, 1)
                made = Entry((*entry.path, *parts), name.endswith("/"), read, entry.modified, packed=True)
                here = replace(inner, own_ratio=max(ratio, 1.0), charged=budget)
                found.append(self.closed(made, here))
        return _unique(found)

    def _opened(self, entry: Entry, place: _Place, *, first: bool = False) -> zipfile.ZipFile:
        """Return the archive, from memory if it was the last of its depth; raises EntryError."""
        kept = self._open.get(place.depth)
        if kept and kept[0] == entry.path:
            return kept[1]
        if place.charged is not None and not first:
            place.charged.give_back(self._sizes[entry.path])  # the same bytes again: they count once
        data = entry.read(MAX_INNER + 1)
        if len(data) > MAX_INNER:
            raise EntryError("zip-too-large", f"over {MAX_INNER} bytes")
        self._sizes[entry.path] = len(data)
        archive = _zip(io.BytesIO(data))
        self._open[place.depth] = (entry.path, archive)
        return archive

    def _read(self, entry: Entry, place: _Place, budget: _Budget, info: zipfile.ZipInfo, limit: int) -> bytes:
        return _read_member(self._opened(entry, place), info, budget, limit, place.ratio)


@contextmanager
def open_zip(path: Path) -> Iterator[Listing]:
    """List a zip archive, open for reading while the context lasts; a broken archive is a refused listing."""
    with path.open("rb") as file:
        try:
            archive = _zip(file)
        except EntryError as error:
            yield Listing((), ((error.code, error.detail),))
            return
        with archive:
            yield _list_source(archive)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an archive stands: how deep, whose bytes it counts as, and how well it and those around it are packed.

    `own_ratio` is of the entry itself within the archive that holds it; reading it is `charged` to that one's budget.
    """

    depth: int = 0
    budget: _Budget | None = None
    ratio: float = 1.0
    own_ratio: float = 1.0
    charged: _Budget | None = None


class _Budget:
    """Counts the bytes read out of archives; raises EntryError (``zip-bomb``) past its total, or its parent's."""

    def __init__(self, total: int, parent: _Budget | None = None) -> None:
        self._left = total
        self._parent = parent

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise EntryError("zip-bomb", "total size")
        if self._parent is not None:
            self._parent.spend(count)

    def give_back(self, count: int) -> None:
        self._left += count
        if self._parent is not None:
            self._parent.give_back(count)


def _list_source(archive: zipfile.ZipFile) -> Listing:
    infos = archive.infolist()
    refused: list[tuple[str, str]] = []
    if len(infos) > limits.MAX_ENTRIES:
        refused.append(("source-too-many", f"{len(infos)} entries"))
    shelf = Shelf(min(len(infos), limits.MAX_ENTRIES))
    found: list[Entry] = []
    for info, name in _stated(archive, limits.MAX_ENTRIES):
        try:
            parts = _safe_parts(name)
        except EntryError as error:
            refused.append((error.code, name))
            continue
        if parts:
            read = partial(_read_member, archive, info, shelf.budget)
            ratio = max(info.file_size / max(info.compress_size, 1), 1.0)
            made = Entry(parts, name.endswith("/"), read, _changed(info), packed=True)
            found.append(shelf.closed(made, _Place(own_ratio=ratio, charged=shelf.budget)))
    return Listing(_unique(found), tuple(refused))


def _stated(archive: zipfile.ZipFile, count: int) -> list[tuple[zipfile.ZipInfo, str]]:
    return [(info, _zip_name(info)) for info in archive.infolist()[:count]]


def _safe_parts(name: str) -> tuple[str, ...]:
    """Return a member's path, empty if it is to be left alone; raises EntryError for one that leads out."""
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isascii() and name[0].isalpha()):
        raise EntryError("zip-absolute", name)
    if ".." in parts:
        raise EntryError("zip-traversal", name)
    return () if any(is_ignored(part) for part in parts) else parts


def _unique(found: list[Entry]) -> tuple[Entry, ...]:
    """Return the entries sorted by path, one for each; of a file named twice only the verdict."""
    counts = Counter(PurePosixPath(*entry.parts) for entry in found if not entry.folder)
    kept: dict[tuple[str, ...], Entry] = {}
    for entry in found:
        if counts[PurePosixPath(*entry.parts)] > 1:
            entry = Entry(entry.parts, False, partial(refuse, "zip-duplicate", "/".join(entry.parts)))
            kept[entry.parts] = entry
        else:
            kept.setdefault(entry.parts, entry)
    return tuple(sorted(kept.values(), key=lambda entry: entry.parts))


def _zip(file: BinaryIO) -> zipfile.ZipFile:
    """Return the archive in a file; raises EntryError."""
    try:
        if _directory_size(file) > _MAX_DIRECTORY:
            raise EntryError("zip-bomb", "central directory too large")
        return zipfile.ZipFile(file)
    except _BROKEN as error:
        raise EntryError("zip-broken", f"{type(error).__name__}: {error}") from error


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, limit: int, ratio: float = 1.0
) -> bytes:
    """Return at most `limit` bytes of a member; `ratio` is how much smaller the archive itself was packed."""
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise EntryError("file-symlink", info.filename)
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise EntryError("file-special", info.filename)
    if info.flag_bits & 0x1:
        raise EntryError("zip-encrypted", info.filename)
    if info.file_size > MAX_RAW_BYTES and info.file_size * ratio > MAX_RATIO * max(info.compress_size, 1):
        raise EntryError("zip-bomb", f"{info.file_size} bytes from {info.compress_size}")
    kept = bytearray()
    try:
        with archive.open(info) as member:
            while len(kept) < limit and (chunk := member.read(min(_CHUNK, limit - len(kept)))):
                kept += chunk
                budget.spend(len(chunk))
    except _BROKEN as error:
        raise EntryError("zip-broken", f"{type(error).__name__}: {error}") from error
    return bytes(kept)


def _changed(info: zipfile.ZipInfo) -> float | None:
    """Return a member's time in seconds since 1970, None if it has none.

    A zip states local time and no zone: the archive is read as if it had been made in this machine's. Where the
    writer added the time in UTC (the field ``UT``: Info-ZIP, macOS), that is taken. 1980-01-01 means "not set".
    """
    stated = _utc_field(info.extra)
    if stated is not None:
        return stated
    try:
        moment = datetime(*info.date_time)
        return None if moment.year <= 1980 and moment.timetuple().tm_yday == 1 else moment.timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _utc_field(extra: bytes) -> float | None:
    """Return the modification time in an extra field ``UT`` (Info-ZIP's proginfo/extrafld.txt), if there is one."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return float(struct.unpack_from("<i", extra, 5)[0]) or None
        extra = extra[4 + size :]
    return None


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
