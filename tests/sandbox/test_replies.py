"""Checks of replies, without a process."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import GraderError, ProtocolError
from autograder.sandbox.outcomes import StudentError
from autograder.sandbox.wire import replies

STREAM = {"output_type": "stream", "name": "stdout", "text": "a"}
DISPLAY = {"output_type": "display_data", "data": {"text/plain": "1", "image/png": "aGk="}, "metadata": {}}
RESULT = {**DISPLAY, "output_type": "execute_result", "execution_count": 3}
ERROR = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["a", "b"]}


def check(*outputs: Any) -> list[dict[str, Any]]:
    return replies.outputs(list(outputs), output_bytes=1000)


def test_what_nbformat_allows_passes_unchanged() -> None:
    assert check(STREAM, DISPLAY, RESULT, ERROR) == [STREAM, DISPLAY, RESULT, ERROR]


def test_json_is_allowed_as_content_of_its_kind() -> None:
    table = {**DISPLAY, "data": {"text/html": "<b>a</b>", "application/json": {"a": [1, None]}}}
    assert check(table) == [table]


@pytest.mark.parametrize(
    "output",
    [
        None,
        [],
        {},
        {**STREAM, "name": "stdin"},
        {**STREAM, "text": ["a"]},
        {**STREAM, "text": "a" * 6000},
        {**STREAM, "output_type": ["stream"]},
        {**DISPLAY, "data": []},
        {**DISPLAY, "data": {"text/plain": 1}},
        {**DISPLAY, "data": {"text/plain": ["a"]}},
        {**DISPLAY, "data": {"application/javascript": "a"}},
        {**DISPLAY, "data": {1: "a"}},
        {**DISPLAY, "data": {str(i): "a" for i in range(30)}},
        {**DISPLAY, "data": {"application/json": float("nan")}},
        {**DISPLAY, "data": {"application/json": {1: 2}}},
        {**DISPLAY, "metadata": []},
        {**RESULT, "execution_count": "3"},
        {**RESULT, "execution_count": True},
        {**ERROR, "traceback": "a"},
        {**ERROR, "traceback": ["a"] * 5000},
        {**ERROR, "extra": 1},
    ],
)
def test_anything_else_is_refused(output: Any) -> None:
    with pytest.raises(ProtocolError):
        check(output)


def test_all_streams_together_count() -> None:
    with pytest.raises(ProtocolError):
        check(*[{**STREAM, "text": "a" * 900}] * 6)


def test_an_error_reply_becomes_a_student_error_with_a_checked_name() -> None:
    reply = {"id": 1, "etype": "ValueError", "line": 2, "cell": None, "detail": "d"}
    with pytest.raises(StudentError) as caught:
        replies.unwrap(reply, 1)
    assert (caught.value.etype, caught.value.line, caught.value.cell) == ("ValueError", 2, None)
    with pytest.raises(StudentError) as caught:
        replies.unwrap({**reply, "etype": "print"}, 1)
    assert caught.value.etype == "사용자 정의"


def test_names_are_those_asked_for() -> None:
    assert replies.names(["a"], ["a", "b"]) == {"a"}
    for value in (["c"], "a", [1], {"a"}):
        with pytest.raises(ProtocolError):
            replies.names(value, ["a", "b"])


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "value", "etype", "line", "cell", "detail", "output_type", "text", "data"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(PLAIN)
def test_no_reply_raises_anything_but_the_graders_errors(reply: Any) -> None:
    for checks in (
        lambda: replies.unwrap(reply, 1),
        lambda: replies.cell_outcome(reply, output_bytes=100),
        lambda: replies.outputs(reply, output_bytes=100),
        lambda: replies.names(reply, ["a"]),
    ):
        with contextlib.suppress(GraderError):
            checks()
