"""Owns the canonical form of a submitted notebook: what `read_notebook` keeps of it, and its digest.

Kept: the cells in order with their type, source (LF line ends), nbgrader's `grade_id`, and small pictures attached to
text. Dropped: outputs, execution counts, every other metadata (but for the assignment a
notebook was released for), what is not text. So the same work with other outputs,
other metadata or other line ends has the same digest, and nothing claimed in an output can reach a grade.

Refuses a notebook of another language, of a format newer than 4, or without a list of cells. Never raises for what a
student wrote, and hands no student data to a schema validator or a converter: those recurse, and formats before 4 are
few enough keys to be read here (a test compares the result with nbformat's own conversion).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from autograder.intake.conflicts import has_conflict
from autograder.intake.document import read_document
from autograder.intake.findings import Findings
from autograder.intake.kernel import check_kernel
from autograder.model import Verdict

__all__ = [
    "MAX_CELLS",
    "METADATA",
    "STATED",
    "grade_id",
    "notebook_digest",
    "read_notebook",
    "stated_assignment",
]

MAX_CELLS = 2000
MAX_ATTACHMENT_BYTES = 2 * 2**20
"""Base64 characters of pictures kept for a whole notebook."""

METADATA: dict[str, Any] = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""The metadata every canonical and assembled notebook has."""

STATED = "course_kit"
"""Key of the notebook metadata in which a release says whose notebook it is: ``{"assignment": ID}``."""

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_LONGEST_GRADE_ID = 200
_V3_MINIMUM = 1


def read_notebook(data: bytes) -> tuple[dict[str, Any] | None, tuple[Verdict, ...]]:
    """Return the canonical notebook in these bytes and what was found about it.

    Args:
        data: a notebook file as submitted; one byte more than `document.MAX_RAW_BYTES` is enough to
            refuse it as too large.

    Returns:
        A notebook of nbformat 4.5 as JSON types, or None if it cannot be read (then one verdict is fatal). A notebook
        of another language is returned for a person to look at, with its fatal verdict.
    """
    findings = Findings()
    notebook = _read(data, findings)
    return notebook, findings.verdicts


def notebook_digest(notebook: Mapping[str, Any]) -> str:
    """Return sha256 (hex) over the canonical JSON of cell types, grade ids, sources and attached pictures, in order."""
    content = [
        [cell["cell_type"], grade_id(cell), cell["source"], cell.get("attachments", {})] for cell in notebook["cells"]
    ]
    text = json.dumps(["intake-1", content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return the cell's nbgrader `grade_id`, or an empty string."""
    found = _mapping(_mapping(cell.get("metadata")).get("nbgrader")).get("grade_id")
    return found if isinstance(found, str) else ""


def stated_assignment(notebook: Mapping[str, Any]) -> str:
    """Return the id of the assignment that a notebook says it was released for, or ""."""
    found = _mapping(_mapping(notebook.get("metadata")).get(STATED)).get("assignment")
    return found if isinstance(found, str) and len(found) <= _LONGEST_GRADE_ID else ""


def _read(data: bytes, findings: Findings) -> dict[str, Any] | None:
    document = read_document(data, findings)
    if document is None:
        return None
    version = _version(document, findings)
    cells = None if version is None else _old_cells(document) if version < 4 else document.get("cells")
    if version is None:
        return None
    if not isinstance(cells, list):
        findings.add("notebook-structure", detail=f"cells is {type(cells).__name__}")
        return None
    if len(cells) > MAX_CELLS:
        findings.add("too-many-cells", limit=MAX_CELLS, detail=f"{len(cells)} cells")
        return None
    metadata = document.get("metadata", {})
    if not isinstance(metadata, dict):
        findings.add("metadata-invalid", detail=f"notebook metadata is {type(metadata).__name__}")
    check_kernel(_mapping(metadata), [_mapping(cell).get("language") for cell in cells], findings)
    stated = stated_assignment({"metadata": metadata})
    kept = {**METADATA, STATED: {"assignment": _text(stated)}} if stated else METADATA
    return {"cells": _cells(cells, findings), "metadata": kept, "nbformat": 4, "nbformat_minor": 5}


def _version(document: Mapping[str, Any], findings: Findings) -> int | None:
    """Return the major version to read it as, or None after a fatal verdict."""
    stated = document.get("nbformat")
    if isinstance(stated, bool) or not isinstance(stated, int) or stated < _V3_MINIMUM:
        if "cells" not in document:
            findings.add("not-a-notebook", detail="neither nbformat nor cells")
            return None
        findings.add("nbformat-unstated", detail=f"nbformat is {type(stated).__name__}")
        return 4
    if stated > 4:
        findings.add("new-nbformat", version=stated)
        return None
    if stated < 4:
        findings.add("old-nbformat", version=stated)
    return stated


def _old_cells(document: Mapping[str, Any]) -> list[Any] | None:
    """Return the cells of formats 1 to 3 with the keys of format 4, or None if there is no list of them."""
    sheets = document.get("worksheets", [document] if "cells" in document else None)
    if not isinstance(sheets, list):
        return None
    cells: list[Any] = []
    for sheet in sheets:
        found = _mapping(sheet).get("cells")
        if not isinstance(found, list):
            return None
        cells += [_old_cell(cell) if isinstance(cell, dict) else cell for cell in found]
    return cells


def _old_cell(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    names = ("input", "code", "source") if kind == "code" else ("source", "text")
    source: Any = next((cell[name] for name in names if name in cell), "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        # written by splitlines() or by splitlines(True), as nbformat.v3.rwbase tells them apart
        source = ("" if source and source[0].endswith(("\n", "\r")) else "\n").join(source)
    if kind in ("heading", "html", "text"):
        kind = "markdown"
        level = cell.get("level", 1)
        if cell.get("cell_type") == "heading" and isinstance(source, str):
            source = f"{'#' * min(max(level, 1), 6) if type(level) is int else '#'} {' '.join(source.splitlines())}"
    kept = {"cell_type": kind, "source": source, "metadata": cell.get("metadata", {})}
    return {**kept, "language": cell["language"]} if "language" in cell else kept


def _cells(cells: list[Any], findings: Findings) -> list[dict[str, Any]]:
    taken: set[str] = set()
    room = MAX_ATTACHMENT_BYTES
    kept: list[dict[str, Any]] = []
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict):
            findings.add("cell-invalid", cell=str(index), detail=f"cell is {type(cell).__name__}")
            cell = {"cell_type": "raw", "source": ""}  # keeps its place, so that the cells after it keep their numbers
        built = _cell(cell, index, findings)
        pictures = _attachments(cell, index, room, findings)
        if pictures:
            built["attachments"] = pictures
            room -= _size(pictures)
        stated = cell.get("id")
        if isinstance(stated, str) and stated in taken:
            findings.add("duplicate-cell-id", detail=stated)
        built["id"] = _cell_id(stated, index, taken)
        kept.append(built)
    return kept


def _cell(cell: dict[str, Any], index: int, findings: Findings) -> dict[str, Any]:
    where = str(index)
    kind = cell.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        findings.add("cell-type-unknown", cell=where, detail=f"cell_type {kind!r:.80}")
        kind = "markdown" if kind in ("heading", "html") else "raw"
    metadata: dict[str, Any] = {}
    label = _grade_id(cell, where, findings)
    if label:
        metadata["nbgrader"] = {"grade_id": label}
    source = _source(cell, where, findings)
    built = {"cell_type": kind, "metadata": metadata, "source": source}
    if has_conflict(source):
        findings.add("conflict-in-cell", cell=label or where)
    return {**built, "execution_count": None, "outputs": []} if kind == "code" else built


def _grade_id(cell: Mapping[str, Any], where: str, findings: Findings) -> str:
    metadata = cell.get("metadata", {})
    marks = _mapping(metadata).get("nbgrader", {})
    label = _mapping(marks).get("grade_id", "")
    valid = isinstance(metadata, dict) and isinstance(marks, dict) and isinstance(label, str)
    if not valid or len(label) > _LONGEST_GRADE_ID:
        findings.add("metadata-invalid", cell=where)
        return ""
    return unicodedata.normalize("NFC", _text(label))


def _source(cell: Mapping[str, Any], where: str, findings: Findings) -> str:
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) != len(lines):
        findings.add("cell-source", cell=where, detail=f"source is {type(source).__name__}")
    joined = "".join(texts)
    text = _text(joined)
    if text != joined:
        findings.add("text-repaired", cell=where)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _attachments(cell: Mapping[str, Any], index: int, room: int, findings: Findings) -> dict[str, dict[str, str]]:
    """Return the pictures attached to a text cell that are valid and fit into `room`; all of a cell's or none."""
    stated = cell.get("attachments")
    if not stated:
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in _mapping(stated).items():
        for kind, payload in _mapping(bundle).items():
            text = "".join(p for p in payload if isinstance(p, str)) if isinstance(payload, list) else payload
            if kind in _PICTURES and isinstance(text, str) and _BASE64.match(text):
                kept.setdefault(_text(name)[:200], {})[kind] = text
    wanted = sum(max(len(_mapping(bundle)), 1) for bundle in _mapping(stated).values()) or 1
    if cell.get("cell_type") != "markdown" or sum(map(len, kept.values())) != wanted or _size(kept) > room:
        findings.add("attachments-dropped", cell=str(index))
        return {}
    return kept


def _size(pictures: Mapping[str, Mapping[str, str]]) -> int:
    return sum(len(text) for bundle in pictures.values() for text in bundle.values())


def _cell_id(stated: Any, index: int, taken: set[str]) -> str:
    chosen = stated if isinstance(stated, str) and _CELL_ID.match(stated) and stated not in taken else f"cell-{index}"
    while chosen in taken:
        chosen = f"{chosen[:60]}-x"
        if len(chosen) > 60:
            chosen = hashlib.sha256(f"{index} {len(taken)}".encode()).hexdigest()
    taken.add(chosen)
    return chosen


def _text(text: str) -> str:
    """Return the text with lone surrogates replaced, so that it can be written as UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
