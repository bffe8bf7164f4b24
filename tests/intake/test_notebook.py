"""The canonical notebook: what counts is kept, nothing else changes it, older formats read as nbformat does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbformat import v3

from autograder.intake import notebook_digest, read_notebook
from autograder.intake.document import MAX_BYTES
from autograder.intake.notebook import MAX_ATTACHMENT_BYTES

from .sample import ANSWERS, as_bytes, labelled, submitted


def _read(notebook: object) -> dict[str, Any]:
    read, verdicts = read_notebook(as_bytes(notebook))
    assert read is not None, verdicts
    return read


def _run(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1.0"}]


def _split(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(True)


def _windows(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def _decorate(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["colab"] = {"provenance": []}
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"].update(tags=["mine"], collapsed=True)
        cell["id"] = f"other-{number}"


@pytest.mark.parametrize("change", [_run, _split, _windows, _decorate])
def test_the_same_work_has_the_same_digest_whatever_else_changed(change: Callable[[dict[str, Any]], None]) -> None:
    other = submitted()
    change(other)
    assert other != submitted()
    assert notebook_digest(_read(other)) == notebook_digest(_read(submitted()))


def _answer(notebook: dict[str, Any]) -> None:
    labelled(notebook, "q1")["source"] += " "


def _swap(notebook: dict[str, Any]) -> None:
    notebook["cells"][0], notebook["cells"][1] = notebook["cells"][1], notebook["cells"][0]


def _retype(notebook: dict[str, Any]) -> None:
    notebook["cells"][1]["cell_type"] = "markdown"


def _relabel(notebook: dict[str, Any]) -> None:
    labelled(notebook, "q1")["metadata"]["nbgrader"]["grade_id"] = "q9"


def _illustrate(notebook: dict[str, Any]) -> None:
    labelled(notebook, "reflection")["attachments"] = {"a.png": {"image/png": "AAAA"}}


def _merge(notebook: dict[str, Any]) -> None:
    notebook["cells"][0]["source"] += notebook["cells"].pop(1)["source"]


@pytest.mark.parametrize("change", [_answer, _swap, _retype, _relabel, _illustrate, _merge])
def test_other_work_has_another_digest(change: Callable[[dict[str, Any]], None]) -> None:
    other = submitted()
    change(other)
    assert notebook_digest(_read(other)) != notebook_digest(_read(submitted()))


def test_only_text_survives_from_a_notebook_full_of_claims() -> None:
    notebook = submitted()
    notebook["metadata"].update(score=100, widgets={"<script>": 1})
    cell = labelled(notebook, "q1")
    cell["metadata"].update(execution="<script>", nbgrader={**cell["metadata"]["nbgrader"], "points": 1e9, "evil": [1]})
    cell.update(evil=1, outputs=[{"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}])
    read = _read(notebook)
    assert "script" not in json.dumps(read) and "evil" not in json.dumps(read) and "score" not in json.dumps(read)
    assert labelled(read, "q1")["metadata"] == {"nbgrader": {"grade_id": "q1"}}


def test_a_canonical_notebook_is_valid_and_reading_it_again_changes_nothing() -> None:
    first = _read(submitted())
    nbformat.validate(nbformat.from_dict(first))
    assert _read(first) == first


def test_an_attachment_just_small_enough_stays_and_two_of_them_do_not() -> None:
    notebook = submitted()
    picture = {"a.png": {"image/png": "A" * MAX_ATTACHMENT_BYTES}}
    labelled(notebook, "reflection")["attachments"] = picture
    assert labelled(_read(notebook), "reflection")["attachments"] == picture
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "", "attachments": picture})
    read, verdicts = read_notebook(as_bytes(notebook))
    assert read is not None and "attachments" not in read["cells"][-1]
    assert [(v.code, v.cell) for v in verdicts] == [("attachments-dropped", "9")]


def test_the_size_limit_lies_where_it_says() -> None:
    padded = as_bytes(submitted()).ljust(MAX_BYTES)
    assert read_notebook(padded)[1] == ()
    assert [v.code for v in read_notebook(padded + b" ")[1]] == ["too-large"]


@pytest.mark.parametrize("version", [2, 3])
def test_old_formats_read_as_nbformat_itself_converts_them(version: int) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": "제목\n둘째 줄"},
        {"cell_type": "html", "metadata": {}, "source": "<b>굵게</b>"},
        {"cell_type": "raw", "metadata": {}, "source": "그대로"},
        *(_as_v3(cell) for cell in submitted()["cells"]),
    ]
    if version == 2:
        cells = [cell for cell in cells if cell["cell_type"] not in ("heading", "raw")]
    old = {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    if version == 3:
        lines = v3.rwbase.split_lines(nbformat.from_dict(copy.deepcopy(old)))
        stored = as_bytes(lines)
    else:
        stored = as_bytes(old)
    theirs = nbformat.convert(nbformat.from_dict(copy.deepcopy(old)), 4)
    ours, verdicts = read_notebook(stored)
    assert ours is not None and [v.code for v in verdicts] == ["old-nbformat"]
    assert [(c["cell_type"], c["source"]) for c in ours["cells"]] == [(c.cell_type, c.source) for c in theirs.cells]
    assert labelled(ours, "q1")["source"] == ANSWERS["q1"]


def _as_v3(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
    if cell["cell_type"] == "code":
        return {**kept, "input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
    return {**kept, "source": cell["source"]}


def test_a_heading_of_a_billion_levels_costs_nothing() -> None:
    cells = [{"cell_type": "heading", "level": 10**9, "metadata": {}, "source": "x"}]
    read = _read({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]})
    assert read["cells"][0]["source"] == "###### x"


@pytest.mark.parametrize(
    ("metadata", "codes"),
    [
        ({"kernelspec": {"name": "python3"}}, []),
        ({"kernelspec": {"name": "ir"}}, ["wrong-kernel"]),
        ({"kernelspec": {"name": "julia-1.10"}}, ["wrong-kernel"]),
        ({"kernelspec": {"name": "iris-lab"}}, ["unknown-kernel"]),
        ({"kernelspec": {"name": "dl2025"}, "language_info": {"name": "python"}}, ["unknown-kernel"]),
        ({"kernelspec": {"name": "ir", "language": "R"}, "language_info": {"name": "python"}}, ["unknown-kernel"]),
        ({"kernelspec": {"name": "python3"}, "language_info": {"name": "scala"}}, ["wrong-kernel"]),
        ({"kernelspec": [], "language_info": 3}, ["metadata-invalid"]),
        ({"kernelspec": {"name": 3, "language": ["python"]}}, []),
        ({"language_info": {"name": "IPython"}}, []),
    ],
)
def test_only_another_language_is_refused(metadata: dict[str, Any], codes: list[str]) -> None:
    read, verdicts = read_notebook(as_bytes({**submitted(), "metadata": metadata}))
    assert read is not None
    assert [v.code for v in verdicts] == codes


def test_utf8_with_a_broken_character_is_not_taken_for_cp949_even_if_it_decodes_as_that() -> None:
    whole = as_bytes(
        {"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "raw", "metadata": {}, "source": "각각각각"}]}
    )
    data = whole.replace("각각각각".encode(), "각각각각".encode()[2:])
    assert "媛" in data.decode("cp949")
    read, verdicts = read_notebook(data)
    assert [v.code for v in verdicts] == ["encoding-repaired"]
    assert read is not None and read["cells"][0]["source"] == "\ufffd각각각"


@pytest.mark.parametrize(
    "data", [b'"\\' * (MAX_BYTES // 2), b'{"a": "' + b'\\"' * (MAX_BYTES // 2 - 9), b'"' * MAX_BYTES]
)
def test_megabytes_of_quotes_take_linear_time(data: bytes) -> None:
    """Quadratic time would be hours: this test would not fail but never end."""
    assert [v.fatal for v in read_notebook(data)[1]] == [True]


def test_only_pictures_are_kept_of_what_is_attached() -> None:
    notebook = submitted()
    labelled(notebook, "reflection")["attachments"] = {"a.png": {"text/html": "AAAA"}}
    read, verdicts = read_notebook(as_bytes(notebook))
    assert read is not None and "attachments" not in labelled(read, "reflection")
    assert [v.code for v in verdicts] == ["attachments-dropped"]


@pytest.mark.parametrize(
    ("stated", "read"), [("heading", "markdown"), ("html", "markdown"), ("python", "raw"), (3, "raw")]
)
def test_a_cell_of_unknown_type_is_never_run(stated: object, read: str) -> None:
    notebook = submitted()
    notebook["cells"].append({"cell_type": stated, "metadata": {}, "source": "1/0"})
    assert _read(notebook)["cells"][-1]["cell_type"] == read


def test_five_thousand_faults_are_reported_twenty_times() -> None:
    notebook = submitted()
    notebook["cells"] += [{"cell_type": "code", "metadata": {}, "source": 1}] * 1500
    assert len(read_notebook(as_bytes(notebook))[1]) == 20
