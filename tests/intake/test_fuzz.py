"""Whatever a file holds, reading never raises, and what was read can be assembled into a valid notebook."""

from __future__ import annotations

import copy
import json
import os
from typing import Any

import nbformat
import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.intake import TABLE, assemble, notebook_digest, read_notebook
from autograder.model import Submission

from .sample import ANSWERS, ASSIGNMENT, MASTER, SECRET, as_bytes, released, submitted

GOOD = as_bytes(submitted())
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
marks = st.fixed_dictionaries(
    {},
    optional={
        "grade_id": st.sampled_from(["q1", "q2", "q1-check", "intro", "reflection", "q9", ""]) | junk,
        "locked": junk,
        "solution": junk,
        "points": junk,
    },
)
source = st.sampled_from([*ANSWERS.values(), released("q1"), "def forward(x", "%magic", "x\r\ny", "\ud800"]) | junk
cell = (
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | junk},
        optional={
            "id": st.sampled_from(["a", "b", "extra-1", "q1"]) | junk,
            "source": source,
            "metadata": st.fixed_dictionaries({}, optional={"nbgrader": marks | junk}) | junk,
            "outputs": junk,
            "attachments": st.dictionaries(st.text(max_size=4), st.dictionaries(st.sampled_from(["image/png"]), junk))
            | junk,
        },
    )
    | junk
)


def _survives(data: bytes) -> None:
    notebook, verdicts = read_notebook(data)
    assert all(v.code in TABLE for v in verdicts)
    assert (notebook is None) <= any(v.fatal for v in verdicts)
    if notebook is None:
        return
    assert read_notebook(json.dumps(notebook).encode())[0] == notebook
    submission = Submission("alice", ASSIGNMENT.id, notebook_digest(notebook), notebook, "fuzz", verdicts=verdicts)
    assembled = assemble(submission, ASSIGNMENT, MASTER)
    nbformat.validate(nbformat.from_dict(copy.deepcopy(assembled.notebook)))
    text = json.dumps(assembled.notebook, ensure_ascii=False)
    text.encode()
    assert SECRET not in text
    marks = [c["metadata"]["nbgrader"]["grade_id"] for c in assembled.notebook["cells"] if "nbgrader" in c["metadata"]]
    assert sorted(marks) == sorted(c["metadata"]["nbgrader"]["grade_id"] for c in MASTER["cells"] if c["metadata"])
    for verdict in (*verdicts, *assembled.verdicts):
        verdict.message.encode()
        verdict.detail.encode()


@RELAXED
@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    _survives(data)


@RELAXED
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12))
def test_a_notebook_with_bytes_replaced_never_raises(at: int, length: int, patch: bytes) -> None:
    _survives(GOOD[:at] + patch + GOOD[at + length :])


@RELAXED
@given(st.lists(cell, max_size=12), junk, st.sampled_from([1, 2, 3, 4]) | junk, st.booleans())
def test_a_notebook_of_arbitrary_cells_never_raises(
    cells: list[Any], metadata: object, version: object, sheets: bool
) -> None:
    body = {"worksheets": [{"cells": cells}]} if sheets else {"cells": cells}
    _survives(json.dumps({"nbformat": version, "nbformat_minor": 5, "metadata": metadata, **body}).encode())


@RELAXED
@given(st.data())
def test_a_good_notebook_with_cells_shuffled_copied_and_dropped_keeps_its_frame(data: st.DataObject) -> None:
    cells = data.draw(st.lists(st.sampled_from(submitted()["cells"]), max_size=20))
    _survives(as_bytes({**submitted(), "cells": cells}))


@pytest.mark.soak
def test_a_hundred_thousand_damaged_notebooks_never_raise_and_take_no_memory() -> None:
    rng = np.random.default_rng(20260901)
    notebooks = int(os.environ.get("FUZZ_NOTEBOOKS", "100000"))
    before = most = 0
    for number in range(notebooks):
        data = bytearray(GOOD)
        for _ in range(int(rng.integers(1, 6))):
            kind, at = int(rng.integers(5)), int(rng.integers(len(data) or 1))
            if kind == 0:
                data[at : at + 1] = bytes([int(rng.integers(256))])
            elif kind == 1:
                del data[at : at + int(rng.integers(1, 400))]
            elif kind == 2:
                data[at:at] = data[at : at + int(rng.integers(1, 400))]
            elif kind == 3:
                data[at:at] = bytes(rng.choice(list(b'{}[]",:0123456789eE.-\\untrfals'), int(rng.integers(1, 6))))
            else:
                data[at:at] = rng.choice(WORDS).encode("utf-8", "surrogatepass")
        _survives(bytes(data))
        if number == notebooks // 10:
            before = resident()
        if number % 1000 == 0:
            most = max(most, resident())
    assert most - before < 40 << 20, f"grew by {(most - before) >> 20} MB"


WORDS = [
    '"cells"',
    '"q1"',
    "null",
    "NaN",
    "1e999",
    '"\\ud800"',
    "\ud800",
    '{"nbgrader":[]}',
    "\ufeff",
    "\x00",
    "[" * 500,
]


def resident() -> int:
    """This process's resident memory in bytes."""
    return int(psutil.Process().memory_info().rss)
