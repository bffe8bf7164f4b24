"""Archives and folders as systems and people leave them, made from what a case of the corpus lists.

A case's ``expect.toml`` has `source`, the name of what is read (a folder, ``.zip`` or ``.ipynb``), and `files`, the
paths in it. A part of a path that ends in ``.zip`` is an archive with the rest inside. A notebook holds its own path as
a mark, so that a test can tell which was read. ``[times]`` gives local times, ``[texts]`` contents, and `bad` names the
recipe in `BAD` that makes an archive's bytes.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .sample import NOTEBOOK, as_bytes, submitted

USUAL = "2024-11-20 10:00:00"
"""Local time of every file that a case gives no other."""
_MARK = "# handed in as "

BAD: dict[str, Callable[[], bytes]] = {}


def bad(function: Callable[[], bytes]) -> Callable[[], bytes]:
    BAD[function.__name__.replace("_", "-")] = function
    return function


def build(expect: Mapping[str, Any], folder: Path) -> Path:
    """Write a case's source into a folder and return its path."""
    source = folder / expect["source"]
    contents = {path: _content(expect, path) for path in expect["files"]}
    if source.suffix == ".zip":
        source.write_bytes(_packed(expect, "", contents))
        return source
    for path, data in _with_archives(expect, "", contents).items():
        place = source / path if source.suffix != ".ipynb" else folder / path
        if path.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        os.utime(place, (_moment(expect, path).timestamp(),) * 2)
    source.parent.mkdir(exist_ok=True)
    if source.suffix != ".ipynb":
        source.mkdir(exist_ok=True)
    return source


def notebook(mark: str) -> bytes:
    """Return a good student's notebook with a mark."""
    marked = submitted()
    marked["cells"].append(
        {
            "cell_type": "code",
            "id": "mark",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": _MARK + mark,
        }
    )
    return as_bytes(marked)


def mark_of(notebook: Mapping[str, Any] | None) -> str:
    """Return the mark in a notebook that was read, or an empty text."""
    cells = notebook["cells"] if notebook else []
    return next((c["source"].removeprefix(_MARK) for c in cells if c["source"].startswith(_MARK)), "")


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Return a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def _content(expect: Mapping[str, Any], path: str) -> bytes:
    if path in expect.get("bad", {}):
        return BAD[expect["bad"][path]]()
    if path in expect.get("texts", {}):
        return str(expect["texts"][path]).encode()
    return notebook(expect.get("marks", {}).get(path, path)) if path.endswith(".ipynb") else b"text"


def _with_archives(expect: Mapping[str, Any], above: str, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of one level: those below a ``.zip`` part are packed into it."""
    made: dict[str, bytes] = {}
    within: dict[str, dict[str, bytes]] = {}
    for path, data in contents.items():
        parts = path.split("/")
        at = next((i for i, part in enumerate(parts[:-1]) if part.endswith(".zip")), None)
        if at is None:
            made[path] = data
        else:
            within.setdefault("/".join(parts[: at + 1]), {})["/".join(parts[at + 1 :])] = data
    return made | {path: _packed(expect, f"{above}{path}/", inner) for path, inner in within.items()}


def _packed(expect: Mapping[str, Any], above: str, contents: Mapping[str, bytes]) -> bytes:
    files = _with_archives(expect, above, contents)
    return packed(*((_info(expect, above + path, path), data) for path, data in files.items()))


def _info(expect: Mapping[str, Any], path: str, name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _moment(expect, path).timetuple()[:6])
    info.compress_type = zipfile.ZIP_STORED if name.endswith((".zip", "/")) else zipfile.ZIP_DEFLATED
    return info


def _moment(expect: Mapping[str, Any], path: str) -> datetime:
    return datetime.fromisoformat(expect.get("times", {}).get(path, USUAL))


@bad
def not_a_zip() -> bytes:
    return b"PK\3\4 but no more"


@bad
def encrypted() -> bytes:
    data = bytearray(packed((NOTEBOOK, b"{}")))
    data[data.find(b"PK\3\4") + 6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    return bytes(data)


@bad
def bomb() -> bytes:
    return packed((NOTEBOOK, b" " * (21 << 20)))


@bad
def climbing() -> bytes:
    return packed(("../../a.ipynb", notebook("outside")))


@bad
def link() -> bytes:
    info = zipfile.ZipInfo(NOTEBOOK)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return packed((info, b"/etc/passwd"))


@bad
def crowded() -> bytes:
    return packed(*((f"{number}.txt", b"") for number in range(5_001)))


@bad
def four_deep() -> bytes:
    data = packed(("a.ipynb", notebook("four deep")))
    for name in ("3.zip", "2.zip", "1.zip"):
        data = packed((name, data))
    return data
