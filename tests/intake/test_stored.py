"""Stored outputs and widget state cost nothing: what is left is the same notebook without them, and time is linear."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake import notebook_digest, read_notebook
from autograder.intake.document import MAX_BYTES, MAX_RAW_BYTES
from autograder.intake.stored import TooComplex, without_outputs

from .sample import as_bytes, submitted

MB = 2**20
GOOD = as_bytes(submitted())

KEYS = ["cells", "outputs", "worksheets", "metadata", "widgets", "source", '"outputs": [', "a\\b"]
names = st.sampled_from(KEYS)
leaves = st.none() | st.booleans() | st.floats(allow_nan=False) | names | st.text(max_size=6)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=25
)


def _expected(document: Any) -> Any:
    """The same by the long way, on parsed JSON."""

    def cell(value: Any) -> Any:
        return {k: [] if k == "outputs" else v for k, v in value.items()} if isinstance(value, dict) else value

    def sheet(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {k: [cell(c) for c in v] if k == "cells" and isinstance(v, list) else v for k, v in value.items()}

    if not isinstance(document, dict):
        return document
    made = sheet(document)
    if isinstance(made.get("worksheets"), list):
        made["worksheets"] = [sheet(each) for each in made["worksheets"]]
    if isinstance(made.get("metadata"), dict) and "widgets" in made["metadata"]:
        made["metadata"] = {**made["metadata"], "widgets": {}}
    return made


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(names, trees, max_size=5) | trees,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_what_is_left_is_the_document_without_them(tree: Any, encoding: str, indent: int | None, plain: bool) -> None:
    text = json.dumps(tree, ensure_ascii=plain, indent=indent)
    data = text.encode(encoding, "surrogatepass")
    left = without_outputs(data, json.detect_encoding(data))
    found = json.loads(left.decode(json.detect_encoding(left), "surrogatepass"))
    assert found == _expected(tree)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise_and_are_never_made_whole(data: st.DataObject) -> None:
    at, length = data.draw(st.integers(0, len(GOOD))), data.draw(st.integers(0, 30))
    hurt = GOOD[:at] + data.draw(st.binary(max_size=8)) + GOOD[at + length :]
    left = without_outputs(hurt, "utf-8")
    assert len(left) <= len(hurt) + 20
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(without_outputs(GOOD[: min(at, len(GOOD.rstrip()) - 1)], "utf-8").decode("utf-8", "replace"))


def test_text_that_looks_like_a_key_is_none() -> None:
    notebook = submitted()
    notebook["cells"][1]["source"] = 'x = \'"outputs": [1, 2]\'\n"\\\\", "outputs": ['
    notebook["metadata"]["note"] = {"cells": [{"outputs": [1]}], "outputs": [2]}
    data = as_bytes(notebook)
    assert json.loads(without_outputs(data, "utf-8")) == notebook


def _stored(stored: bytes) -> bytes:
    return GOOD.replace(b'"outputs": []', b'"outputs": [' + stored + b"]", 1)


LARGE: dict[str, Callable[[int], bytes]] = {
    "one line": lambda n: _stored(b'{"text": "' + b"0.5 " * (n // 4) + b'"}'),
    "short lines": lambda n: _stored(b'{"text": [' + b'"1\\n",' * (n // 6) + b'""]}'),
    "pictures": lambda n: _stored(b'{"data": {"image/png": "' + b"A" * n + b'"}, "metadata": {}}'),
    "nested": lambda n: _stored(b"[" + b'{"x":1,"y":[[2]]},' * 50_000 + b"0]," + b"[1,2]," * (n // 6) + b"0"),
    "korean": lambda n: _stored('{{"text": "{}"}}'.format("가" * (n // 3)).encode()),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_notebook_with_24_mb_of_outputs_is_the_same_work(kind: str) -> None:
    data = LARGE[kind](24 * MB)
    assert len(data) > MAX_BYTES

    notebook, verdicts = read_notebook(data)

    assert verdicts == () and notebook is not None
    assert notebook_digest(notebook) == notebook_digest(read_notebook(GOOD)[0] or {})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_another_encoding_is_left_out_of_too_and_still_told(encoding: str) -> None:
    data = _stored(b'{"text": "' + b"0" * (12 * MB) + b'"}').decode().encode(encoding)
    notebook, verdicts = read_notebook(data)
    assert notebook is not None and [v.code for v in verdicts] == [
        "encoding-utf16" if encoding == "utf-16" else "encoding-bom"
    ]


def test_a_file_cut_off_in_its_outputs_is_named_as_cut_off() -> None:
    assert [v.code for v in read_notebook(LARGE["short lines"](24 * MB)[: 22 * MB])[1]] == ["notebook-truncated"]


def test_the_raw_limit_lies_where_it_says() -> None:
    data = _stored(b'{"text": "' + b"0" * MAX_RAW_BYTES + b'"}')
    assert [v.code for v in read_notebook(data)[1]] == ["too-large"]
    assert "최대 128MB, 저장된 출력을 빼면 최대 20MB" in read_notebook(data)[1][0].message


HOSTILE = {
    "deep": b'{"cells":[{"outputs":' + b"[" * (30 * MB),
    "empty lists": b'{"cells":[{"outputs":[' + b"[]," * (10 * MB),
    "lists of lists": b'{"cells":[{"outputs":[' + b"[[]]," * (6 * MB),
    "quotes": b'{"cells":[{"outputs":["' + b'\\"' * (15 * MB),
    "no end": b'{"cells":[{"outputs":[' + b'"a",' * (7 * MB),
    "backslashes": b'{"cells":[{"outputs":' + b"\\" * (30 * MB),
    "open and text": b'{"cells":[{"outputs":[' + (b'["' + b"a" * 300 + b'",') * (MB // 10),
    "spaces": b'{"cells":[{"outputs" ' + b" " * (30 * MB),
    "keys": b'{"cells":[{' + b'"outputs":0,' * (2 * MB),
    "conflicts": b'{"cells":[\n' + b"<<<<<<< a\n" * (3 * MB),
    "separators": b'{"cells":[\n<<<<<<< a\n' + b"=======\n" * (3 * MB),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_megabytes_are_refused_in_linear_time(kind: str) -> None:
    """A second or so here; what is quadratic would take an hour."""
    started = time.process_time()
    notebook, verdicts = read_notebook(HOSTILE[kind])
    assert notebook is None and any(v.fatal for v in verdicts)
    assert time.process_time() - started < 10


def test_endless_structure_is_refused() -> None:
    with pytest.raises(TooComplex):
        without_outputs(HOSTILE["lists of lists"], "utf-8")


def test_memory_is_a_small_multiple_of_what_is_kept() -> None:
    data = LARGE["short lines"](60 * MB)
    tracemalloc.start()
    try:
        assert read_notebook(data)[0] is not None
        assert tracemalloc.get_traced_memory()[1] < 5 * MB, "beside the file itself"
    finally:
        tracemalloc.stop()
