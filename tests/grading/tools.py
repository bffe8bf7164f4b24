"""Notebooks as other programs leave them: each function takes a notebook (nbformat 4 JSON) and returns another.

They do what the program does to cells, metadata and text, and never change what the code means.
"""

from __future__ import annotations

import copy
import io
import json
import re
import tokenize
import unicodedata
from collections.abc import Callable
from typing import Any

Notebook = dict[str, Any]
Cell = dict[str, Any]

_PERCENT = re.compile(r"# %%(?: \[(markdown)\])?(?: (\{.*\}))?$")
_SHORT_IMPORT = re.compile(r"from (\S+) import ([\w, ]+)")


def colab(notebook: Notebook) -> Notebook:
    """Google Colab: ids move into the metadata, `editable` and `deletable` go, each run leaves its traces."""
    return _each(notebook, _colab_cell, minor=0, colab={"provenance": [], "toc_visible": True})


def colab_bare(notebook: Notebook) -> Notebook:
    """Colab after "copy all cells into a new notebook": nbgrader's metadata is gone too."""
    return _unlabelled(colab(notebook))


def kaggle(notebook: Notebook) -> Notebook:
    """Kaggle: metadata of its own in place of everything, sources as one string."""

    def change(cell: Cell, number: int) -> None:
        cell["metadata"] = {"_uuid": f"{number:032x}", "_cell_guid": f"{number:032x}", "trusted": True}
        cell["source"] = _text(cell)

    return _each(notebook, change, minor=4, kaggle={"accelerator": "none", "isInternetEnabled": False})


def vscode(notebook: Notebook) -> Notebook:
    """VS Code: does not honour `editable: false` and drops it, names the language of each cell."""

    def change(cell: Cell, number: int) -> None:
        del number
        _unlock(cell)
        cell["metadata"]["vscode"] = {"languageId": "python" if cell["cell_type"] == "code" else "markdown"}

    return _each(notebook, change, minor=2, orig_nbformat=4, vscode={"interpreter": {"hash": "0" * 64}})


def pycharm(notebook: Notebook) -> Notebook:
    """PyCharm: a name for each cell, empty outputs, no ids."""

    def change(cell: Cell, number: int) -> None:
        del number
        _unlock(cell)
        cell.pop("id", None)
        cell["metadata"] = {**cell["metadata"], "collapsed": False, "pycharm": {"name": "#%%\n", "is_executing": True}}

    return _each(notebook, change, minor=0)


def deepnote(notebook: Notebook) -> Notebook:
    """Deepnote: hashes and times of its own beside the metadata that was there."""

    def change(cell: Cell, number: int) -> None:
        mine = {"cell_id": f"{number:05d}", "deepnote_cell_type": cell["cell_type"], "source_hash": "b623e53d"}
        cell["metadata"].update(mine, tags=[], is_collapsed=False)

    return _each(notebook, change, minor=0, deepnote={}, deepnote_execution_queue=[])


def databricks(notebook: Notebook) -> Notebook:
    """Databricks: its own metadata only, titles of cells, `dbutils` left out."""

    def change(cell: Cell, number: int) -> None:
        mine = {"nuid": f"{number:036d}", "showTitle": False, "inputWidgets": {}, "title": ""}
        cell["metadata"] = {"application/vnd.databricks.v1+cell": mine}

    return _each(notebook, change, minor=0)


def jupytext(notebook: Notebook) -> Notebook:
    """Jupytext: to a script in percent form and back, with the cells' metadata in the markers."""
    return _from_percent(_to_percent(notebook, keep=True), notebook)


def jupytext_bare(notebook: Notebook) -> Notebook:
    """Jupytext with the filter that keeps no metadata; also a ``# %%`` script opened as a notebook."""
    return _from_percent(_to_percent(notebook, keep=False), notebook)


def script(notebook: Notebook) -> Notebook:
    """``jupyter nbconvert --to script``, then pasted into the only cell of a new notebook."""
    lines = ["#!/usr/bin/env python", "# coding: utf-8", ""]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            lines += ["# In[ ]:", "", "", _text(cell), "", ""]
        else:
            lines += ["# " + line for line in _text(cell).split("\n")] + [""]
    cell = {"cell_type": "code", "id": "0", "metadata": {}, "execution_count": 1, "outputs": []}
    return {**_shell(notebook), "cells": [{**cell, "source": "\n".join(lines)}]}


def formatter(notebook: Notebook) -> Notebook:
    """A formatter with another taste, over all cells: single quotes, an import a line, no blank lines at the ends."""

    def change(cell: Cell, number: int) -> None:
        del number
        if cell["cell_type"] == "code":
            cell["source"] = _reformatted(_text(cell))

    return _each(notebook, change)


def ran(notebook: Notebook) -> Notebook:
    """Jupyter after "Run all": streams, a picture, an error and a widget as outputs."""
    return _each(notebook, _run_cell)


def validated(notebook: Notebook) -> Notebook:
    """``nbgrader validate`` of an unlocked copy: outputs, times, checksums of another version, scrolled cells."""

    def change(cell: Cell, number: int) -> None:
        _run_cell(cell, number)
        cell["metadata"]["execution"] = {"iopub.execute_input": "2026-11-20T10:00:00.000000Z"}
        cell["metadata"]["scrolled"] = True
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["checksum"] = "0" * 32

    return _each(notebook, change, celltoolbar="Create Assignment")


def oldformat(notebook: Notebook) -> Notebook:
    """Saved in nbformat 3 (IPython 2)."""
    cells: list[Cell] = []
    for cell in notebook["cells"]:
        text, metadata = _text(cell), cell["metadata"]
        if cell["cell_type"] == "code":
            more = {"input": text, "collapsed": False, "language": "python", "outputs": [], "prompt_number": None}
            cells.append({"cell_type": "code", "metadata": metadata, **more})
        else:
            cells.append({"cell_type": cell["cell_type"], "metadata": metadata, "source": text})
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}


def windows(notebook: Notebook) -> Notebook:
    """Line ends of Windows, and spaces that an editor left at the ends of lines."""

    def change(cell: Cell, number: int) -> None:
        del number
        cell["source"] = _text(cell).replace("\n", "  \r\n") if cell["cell_type"] != "code" else _crlf(_text(cell))

    return _each(notebook, change)


def macos(notebook: Notebook) -> Notebook:
    """Hangul taken apart, as some tools of macOS write it."""

    def change(cell: Cell, number: int) -> None:
        del number
        cell["source"] = unicodedata.normalize("NFD", _text(cell))

    return _each(notebook, change)


TOOLS: dict[str, Callable[[Notebook], Notebook]] = {
    tool.__name__.replace("_", "-"): tool
    for tool in (
        colab,
        colab_bare,
        kaggle,
        vscode,
        pycharm,
        deepnote,
        databricks,
        jupytext,
        jupytext_bare,
        script,
        formatter,
        ran,
        validated,
        oldformat,
        windows,
        macos,
    )
}


def _each(notebook: Notebook, change: Callable[[Cell, int], None], minor: int = 5, **metadata: Any) -> Notebook:
    changed = copy.deepcopy(notebook)
    for number, cell in enumerate(changed["cells"]):
        change(cell, number)
        if minor < 5:
            cell.pop("id", None)
    changed["nbformat_minor"] = minor
    changed["metadata"].update(metadata)
    return changed


def _unlabelled(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)
    return notebook


def _unlock(cell: Cell) -> None:
    for key in ("editable", "deletable"):
        cell["metadata"].pop(key, None)


def _colab_cell(cell: Cell, number: int) -> None:
    _unlock(cell)
    cell["metadata"]["id"] = f"aB3-{number:08d}"
    if cell["cell_type"] == "code":
        cell["metadata"].update(
            colab={"base_uri": "https://localhost:8080/"}, executionInfo={"status": "ok", "elapsed": 12}
        )
    cell["source"] = _text(cell).splitlines(keepends=True)


def _run_cell(cell: Cell, number: int) -> None:
    if cell["cell_type"] != "code":
        return
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    cell["execution_count"] = number + 1
    cell["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["def forward(x): pass\n", "100%\n"]},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture, "text/plain": "<Figure>"}},
        {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["\u001b[0;31mNameError"]},
        {
            "output_type": "execute_result",
            "execution_count": number + 1,
            "metadata": {},
            "data": {"text/plain": ["1.0"], "application/vnd.jupyter.widget-view+json": {"model_id": "0"}},
        },
    ]


def _to_percent(notebook: Notebook, *, keep: bool) -> str:
    lines: list[str] = []
    for cell in notebook["cells"]:
        text = _text(cell).strip("\n")
        markdown = cell["cell_type"] != "code"
        metadata = f" {json.dumps(cell['metadata'])}" if keep and cell["metadata"] else ""
        lines.append(f"# %%{' [markdown]' if markdown else ''}{metadata}")
        lines += ["# " + line if line else "#" for line in text.split("\n")] if markdown else text.split("\n")
        lines.append("")
    return "\n".join(lines)


def _from_percent(text: str, notebook: Notebook) -> Notebook:
    cells: list[Cell] = []
    for line in text.split("\n"):
        marker = _PERCENT.fullmatch(line)
        if marker is not None:
            kind = marker[1] or "code"
            cells.append({"cell_type": kind, "metadata": json.loads(marker[2] or "{}"), "source": []})
        else:
            cells[-1]["source"].append(re.sub("^# ?", "", line) if cells[-1]["cell_type"] == "markdown" else line)
    for number, cell in enumerate(cells):
        cell["id"] = f"jp{number}"
        cell["source"] = "\n".join(cell["source"]).rstrip("\n")
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return {**_shell(notebook), "cells": cells}


def _shell(notebook: Notebook) -> Notebook:
    return {"metadata": copy.deepcopy(notebook["metadata"]), "nbformat": 4, "nbformat_minor": 5}


def _reformatted(source: str) -> str:
    lines = source.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token in reversed(tokens):
        simple = token.type == tokenize.STRING and re.fullmatch(r'"[^"\'\\]*"', token.string)
        if simple and token.start[0] == token.end[0]:
            row, (start, end) = token.start[0] - 1, (token.start[1], token.end[1])
            lines[row] = f"{lines[row][:start]}'{token.string[1:-1]}'{lines[row][end:]}"
    return "\n".join(_SHORT_IMPORT.sub(_one_a_line, line) for line in lines)


def _one_a_line(found: re.Match[str]) -> str:
    names = [name.strip() for name in found[2].split(",")]
    if len(names) == 1:
        return found[0]
    return f"from {found[1]} import (\n" + "".join(f"    {name},\n" for name in sorted(names)) + ")"


def _crlf(text: str) -> str:
    return "\r\n".join(line.rstrip() for line in text.split("\n"))


def _text(cell: Cell) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
