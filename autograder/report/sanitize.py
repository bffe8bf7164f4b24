"""Makes what a student wrote or printed safe to look at; the only place that decides what may pass.

Owns: plain text (controls, bidi overrides, lone surrogates), terminal colours, images, HTML tables, markdown, and whole
executed notebooks. Refuses: scripts, event handlers, links, styles, forms, frames, SVG (an SVG can hold scripts and
entity bombs, and matplotlib can write PNG), widgets, LaTeX outputs, attachments, foreign metadata. Nothing here runs,
opens or fetches anything; every function is total: any JSON value in, something harmless out.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from autograder.plain import visible
from autograder.report.mathml import mathml
from autograder.report.tex import inert_tex

__all__ = [
    "IMAGE_BYTES",
    "IMAGE_KINDS",
    "TEXT_CHARACTERS",
    "clean_text",
    "html_to_text",
    "image_base64",
    "neutral_markdown",
    "plain_terminal",
    "safe_markdown",
    "safe_table",
    "sanitize_notebook",
]

IMAGE_BYTES = 2 * 2**20
"""Largest decoded image that passes; a matplotlib figure of 1600 x 1200 is about a tenth of it."""

TEXT_CHARACTERS = 20_000
"""Longest text kept of one output."""

IMAGE_KINDS: Mapping[str, bytes] = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""Image types that pass, with the magic bytes they must begin with (PNG specification 5.2; JPEG SOI and a marker)."""

_IMAGE_SIDE = 8192
_NOTEBOOK_CHARACTERS = 16 * 2**20
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_TABLE_TAGS = {
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br", "hr", "ul", "ol", "li"),
    *("b", "i", "em", "strong", "code", "pre", "sub", "sup"),
}
_TABLE_ATTRIBUTES = {"th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_TEXT_TAGS = {*_TABLE_TAGS, "blockquote", "details", "summary", "small"}
"""What may stand in a question's text; formulas are put in afterwards."""
_HEADING = re.compile(r"<(/?)h[1-6]>")
_CODE_OR_FORMULA = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)|\Z)"
    r"|(?P<ticks>`{1,3})(?!`)[^\n]{1,300}?(?<!`)(?P=ticks)(?!`)"
    r"|(?<!\\)\$\$(?P<display>[^$]+)\$\$|(?<!\\)\$(?P<inline>[^\s$](?:[^$\n]*[^\s$\\])?)\$",
    re.MULTILINE | re.DOTALL,
)
_HELD = re.compile("\ue000(\\d+)\ue001")
"""Where a formula stood: two characters of the private area, which `clean_text` writes as escapes in any text."""
_DROPPED_WITH_CONTENT = {
    *("script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select"),
}
_TAG_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
_LINK_OPEN = re.compile(r"\](?=[(:])")
_REFERENCE = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")
_POINTS = 10_000
_NBGRADER: Mapping[str, Callable[[Any], bool]] = {
    **{flag: lambda value: isinstance(value, bool) for flag in ("grade", "locked", "solution", "task")},
    "grade_id": lambda value: isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,100}", value) is not None,
    "points": lambda value: type(value) in (int, float) and 0 <= value <= _POINTS,
    "checksum": lambda value: isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value) is not None,
    "cell_type": lambda value: value in ("code", "markdown", "raw"),
}
"""What nbgrader's cell metadata of schema 3 may hold (`nbgrader/nbgraderformat/v3.json`)."""


def clean_text(value: object, limit: int = TEXT_CHARACTERS) -> str:
    """Return text without characters that hide, reverse or break other text; each becomes U+FFFD and stays visible.

    Newlines and tabs stay, other line ends become newlines; lists of strings (nbformat's multi-line text) are joined;
    anything that is not text becomes "". Text longer than `limit` characters is cut and ends in a note that says so.
    """
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    note = f"\n… (이하 생략, 전체 {len(value):,}자)" if len(value) > limit else ""
    kept = value[: max(limit - len(note), 0)] if note else value
    return visible(kept) + note


def plain_terminal(value: object, limit: int = TEXT_CHARACTERS) -> str:
    """Return terminal output (streams, tracebacks) as plain text: colours and cursor movements dropped."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return clean_text(_ANSI.sub("", value), limit) if isinstance(value, str) else ""


def image_base64(kind: str, data: object, max_bytes: int = IMAGE_BYTES) -> str | None:
    """Return one image's base64 re-encoded from its decoded bytes, or None if it may not pass.

    Passes only PNG and JPEG with their magic bytes, at most `max_bytes` and, for PNG, 8192 pixels a side: a small file
    that decodes to gigabytes would take the reader's browser down.
    """
    magic = IMAGE_KINDS.get(kind)
    if isinstance(data, list):
        data = "".join(part for part in data if isinstance(part, str))
    if magic is None or not isinstance(data, str) or len(data) > max_bytes * 1.5:
        return None
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) > max_bytes or not raw.startswith(magic):
        return None
    if kind == "image/png" and not (raw[12:16] == b"IHDR" and all(0 < s <= _IMAGE_SIDE for s in _png_size(raw))):
        return None
    return base64.b64encode(raw).decode("ascii")


def safe_table(value: object, limit: int = 200_000) -> Markup:
    """Return an HTML output with only tables, lists and emphasis left: no attributes but spans, no links, no images."""
    text = visible(clean_text(value, limit))
    return Markup(  # noqa: S704 - nh3 is what makes it safe
        nh3.clean(
            text,
            tags=_TABLE_TAGS,
            clean_content_tags=_DROPPED_WITH_CONTENT,
            attributes=_TABLE_ATTRIBUTES,
            attribute_filter=lambda _tag, _name, span: span if re.fullmatch("[1-9][0-9]?", span) else None,
            link_rel=None,
            url_schemes=set(),
        )
    )


def safe_markdown(value: object, limit: int = TEXT_CHARACTERS) -> Markup:
    """Return markdown as HTML: paragraphs, lists, tables, code, emphasis and what unfolds; formulas as MathML.

    Neither links nor images nor any attribute but a cell's spans pass, and of a heading its words, set strong: where
    the text is put decides what is a heading. A formula that `mathml` does not know stays as it was written, as code.
    """
    formulas: list[Markup] = []

    def hold(found: re.Match[str]) -> str:
        tex = found["display"] or found["inline"]
        if tex is None:
            return found[0]
        block = found["display"] is not None
        formulas.append(mathml(tex, display=block) or Markup("<code>{}</code>").format(tex.strip()))
        return f"\ue000{len(formulas) - 1}\ue001"

    def formula(found: re.Match[str]) -> str:
        place = int(found[1])
        return str(formulas[place]) if place < len(formulas) else ""

    text = clean_text(value, limit)
    made = _HEADING.sub(_strong, _markdown().render(_CODE_OR_FORMULA.sub(hold, text)))
    kept = nh3.clean(
        made,
        tags=_TEXT_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_TABLE_ATTRIBUTES,
        attribute_filter=lambda _tag, _name, span: span if re.fullmatch("[1-9][0-9]?", span) else None,
        link_rel=None,
        url_schemes=set(),
    )
    return Markup(_HELD.sub(formula, kept))  # noqa: S704 - nh3 is what makes it safe, and formulas are MathML or escaped


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _strong(heading: re.Match[str]) -> str:
    return "</strong></p>" if heading[1] else "<p><strong>"


def html_to_text(value: object, limit: int = TEXT_CHARACTERS) -> str:
    """Return the text of an HTML output, for viewers that would render its markup."""
    kept = nh3.clean(clean_text(value, 200_000), tags=set(), clean_content_tags=_DROPPED_WITH_CONTENT, attributes={})
    return clean_text(re.sub(r"\n{3,}", "\n\n", html.unescape(kept)).strip(), limit)


def neutral_markdown(value: object, limit: int = TEXT_CHARACTERS) -> str:
    """Return markdown that renders without raw HTML, links, images or TeX that does more than set symbols (`tex`).

    A space after ``<`` and after ``]`` is enough and leaves formulas and code readable: HTML begins a tag only where a
    letter, ``/``, ``!`` or ``?`` follows ``<`` (HTML standard 13.2.5.6), and markdown a link, or what a link refers to,
    only where ``(`` or ``:`` follows ``]``. One after ``&`` keeps a character reference from spelling either.
    """
    text = _REFERENCE.sub("& ", _TAG_OPEN.sub("< ", clean_text(value, limit)))
    return inert_tex(_LINK_OPEN.sub("] ", text))


def sanitize_notebook(executed: Mapping[str, Any]) -> dict[str, Any]:
    """Return an executed notebook that formgrader and ``nbgrader generate_feedback`` can show in a grader's session.

    Both render markdown with its HTML, HTML and LaTeX outputs, and some numbers, unescaped. What stays: sources,
    nbgrader's own cell metadata, stream and error text, text/plain, PNG and JPEG that are what they claim to be. The
    result is valid nbformat 4.5 whatever went in.
    """
    budget = _NOTEBOOK_CHARACTERS
    cells: list[dict[str, Any]] = []
    for number, cell in enumerate(_objects(executed.get("cells"))):
        clean = _cell(cell, number)
        budget -= _size(clean)
        if budget < 0 and clean["cell_type"] == "code":
            clean["outputs"] = [_stream("stdout", "(출력이 너무 커서 생략했습니다.)\n")]
        cells.append(clean)
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(cell: Mapping[str, Any], number: int) -> dict[str, Any]:
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown") else "raw"
    metadata = _nbgrader_metadata(cell.get("metadata"))
    clean: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": metadata}
    if kind == "code":
        clean["source"] = clean_text(cell.get("source"), 200_000)
        clean["execution_count"] = _count(cell.get("execution_count"))
        clean["outputs"] = [made for output in _objects(cell.get("outputs")) if (made := _output(output)) is not None]
    else:
        clean["source"] = neutral_markdown(cell.get("source"), 100_000)
    return clean


def _output(output: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        return _stream("stderr" if output.get("name") == "stderr" else "stdout", plain_terminal(output.get("text")))
    if kind == "error":
        return {
            "output_type": "error",
            "ename": clean_text(output.get("ename"), 200),
            "evalue": plain_terminal(output.get("evalue"), 2000),
            "traceback": plain_terminal(_joined(output.get("traceback"))).split("\n"),
        }
    if kind not in ("display_data", "execute_result"):
        return None
    bundle = output.get("data")
    data = _bundle(bundle if isinstance(bundle, Mapping) else {})
    if kind == "execute_result":
        count = _count(output.get("execution_count"))
        return {"output_type": kind, "execution_count": count, "data": data, "metadata": {}}
    return {"output_type": kind, "data": data, "metadata": {}}


def _bundle(bundle: Mapping[str, Any]) -> dict[str, str]:
    data: dict[str, str] = {}
    for kind in IMAGE_KINDS:
        image = image_base64(kind, bundle.get(kind))
        if image is not None:
            data[kind] = image
    text = plain_terminal(bundle.get("text/plain"))
    if not text and bundle.get("text/html"):
        text = html_to_text(bundle.get("text/html"))
    if not text and not data:
        text = "(보여 줄 수 없는 형식의 출력입니다.)"
    if text:
        data["text/plain"] = text
    return data


def _nbgrader_metadata(metadata: object) -> dict[str, Any]:
    """Return nbgrader's own metadata if its schema 3 would take it, else none."""
    own = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if not isinstance(own, Mapping) or not all(key in own for key in ("grade", "locked", "solution", "grade_id")):
        return {}
    kept = {key: own[key] for key in _NBGRADER if key in own}
    if not all(_NBGRADER[key](value) for key, value in kept.items()):
        return {}
    return {"nbgrader": {**kept, "schema_version": 3}}


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6 else None


def _joined(value: object) -> str:
    return "\n".join(line for line in value if isinstance(line, str)) if isinstance(value, list) else ""


def _objects(value: object) -> Iterable[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _png_size(raw: bytes) -> tuple[int, int]:
    return int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big")


def _size(cell: Mapping[str, Any]) -> int:
    size = len(cell["source"])
    for output in cell.get("outputs", ()):
        size += sum(len(v) for v in output.get("data", {}).values()) + len(output.get("text", ""))
        size += sum(len(line) for line in output.get("traceback", ()))
    return size
