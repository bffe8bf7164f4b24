"""Payloads for every place that people look at, and a notebook made of them; none of them reaches outside the page."""

from __future__ import annotations

import base64
from typing import Any

__all__ = ["HOSTILE", "PAYLOADS", "code_cell", "hostile_notebook", "markdown_cell"]

PAYLOADS = {
    "script": "<script>window.__pwned='script'</script>",
    "onerror": "<img src=x onerror=\"window.__pwned='onerror'\">",
    "javascript": "<a href=\"javascript:window.__pwned='link'\" id=trap>눌러 보세요</a>",
    "svg": "<svg onload=\"window.__pwned='svg'\"><script>window.__pwned='svgscript'</script></svg>",
    "markdown": "[눌러 보세요](javascript:window.__pwned='markdown')",
    "iframe": "<iframe srcdoc=\"<script>parent.__pwned='iframe'</script>\"></iframe>",
    "breakout": "</pre></style></title></textarea>--><script>window.__pwned='breakout'</script>",
    "attribute": '" autofocus onfocus="window.__pwned=\'attribute\'" x="',
    "template": "{{ config.__class__ }}{% raw %}",
    "formula": "=cmd|' /C calc'!A0",
    "bidi": "정상\u202e점수 001\u202c",
    "control": "a\x00b\x1b[31mc\ud800d",
    "beacon": '<img src="http://192.0.2.1/x.png"><link rel=stylesheet href=http://192.0.2.1/x.css>',
}
HOSTILE = " ".join(PAYLOADS.values())


def hostile_notebook() -> dict[str, Any]:
    """Return an executed notebook whose every part tries to run something in the reader's browser."""
    script = "<script>window.__pwned='s'</script>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"window.__pwned='svg'\">{script}</svg>"
    fake = base64.b64encode(svg.encode()).decode()
    bundle = {
        "text/html": HOSTILE
        + f"<table onclick=\"window.__pwned='t'\" style='position:fixed'><tr><td>1{HOSTILE}</td></tr></table>",
        "text/latex": HOSTILE,
        "text/markdown": HOSTILE,
        "image/svg+xml": svg,
        "image/png": fake,
        "image/jpeg": f'"><script>window.__pwned="jpeg"</script>{fake}',
        "application/javascript": "window.__pwned='javascript'",
        "application/vnd.jupyter.widget-view+json": {"model_id": HOSTILE},
        "text/plain": HOSTILE,
    }
    metadata = {
        "filenames": {"image/png": "/etc/passwd"},
        "image/png": {"width": '1 onerror="window.__pwned=1"'},
        "isolated": True,
    }
    outputs: list[Any] = [
        {"output_type": "display_data", "data": bundle, "metadata": metadata},
        {"output_type": "display_data", "data": {"text/html": bundle["text/html"]}, "metadata": metadata},
        {"output_type": "display_data", "data": {"image/svg+xml": svg}, "metadata": metadata},
        {"output_type": "execute_result", "data": bundle, "metadata": metadata, "execution_count": HOSTILE},
        {"output_type": "stream", "name": HOSTILE, "text": HOSTILE},
        {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE, 7, None]},
        {"output_type": HOSTILE, "data": HOSTILE},
        HOSTILE,
    ]
    markdown = HOSTILE + (
        "\n\n![그림](http://192.0.2.1/x.png) <b onmouseover=\"window.__pwned='b'\">굵게</b>\n\n"
        "[r]: javascript:window.__pwned='ref'\n\n[눌러][r] <javascript:window.__pwned='auto'>\n\n"
        "$\\href{javascript:window.__pwned='tex'}{x} < y$ \\require{html}\\style{x}{y}\n\n"
        "![첨부](attachment:a.svg) [보기](data:text/html;base64,PHNjcmlwdD4=)\n"
    )
    cells: list[Any] = [
        {**markdown_cell(markdown, None), "attachments": {"a.svg": {"image/svg+xml": fake}}},
        {**code_cell(HOSTILE, outputs, "q1"), "execution_count": HOSTILE, "id": HOSTILE},
        code_cell(HOSTILE, outputs, HOSTILE),
        markdown_cell(markdown, "reflection"),
        {"cell_type": "raw", "source": HOSTILE, "metadata": {"raw_mimetype": "text/html"}},
        {"cell_type": HOSTILE, "source": HOSTILE, "metadata": HOSTILE},
        HOSTILE,
        locked_text(markdown, "q1-text"),
        locked_text("<details open ontoggle=\"window.__pwned='toggle'\">" + markdown, "reflection-text"),
    ]
    cells[1]["metadata"]["tags"] = [HOSTILE]
    return {
        "cells": cells,
        "metadata": {"widgets": HOSTILE, "title": HOSTILE, "kernelspec": HOSTILE},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def code_cell(source: str, outputs: list[Any], grade_id: str | None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"id{abs(hash(source)) % 10**6}",
        "source": source,
        "outputs": outputs,
        "execution_count": 1,
        "metadata": _metadata(grade_id, grade=False),
    }


def locked_text(source: str, grade_id: str) -> dict[str, Any]:
    """Return a text that students cannot change: what a question asks for."""
    cell = markdown_cell(source, grade_id)
    cell["metadata"]["nbgrader"] |= {"locked": True, "solution": False, "grade": False, "points": 0}
    return cell


def markdown_cell(source: str, grade_id: str | None) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": f"id{abs(hash(source)) % 10**6}",
        "source": source,
        "metadata": _metadata(grade_id, grade=True),
    }


def _metadata(grade_id: str | None, *, grade: bool) -> dict[str, Any]:
    if grade_id is None:
        return {}
    points = {"points": 10} if grade else {}
    return {
        "nbgrader": {
            "grade": grade,
            "grade_id": grade_id,
            "locked": False,
            "solution": True,
            "schema_version": 3,
            **points,
        }
    }
