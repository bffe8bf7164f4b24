"""Whatever a notebook shows, what its sandbox makes of it is taken: maker and checker agree by one table."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ProtocolError
from autograder.sandbox.shell.outputs import CellOutputs, count_of
from autograder.sandbox.wire import codec, replies, shown
from autograder.sandbox.wire.frames import CodecLimits

STREAM_BYTES = 4096
LIMITS = ("MOST_STREAMS", "MOST_RICH", "MOST_RICH_BYTES", "MOST_DEPTH", "MOST_TRACEBACK_LINES", "MOST_ERROR_TEXT")


class Strange:
    """No JSON, and no text either."""

    def __str__(self) -> str:
        raise ValueError


class OwnText(str):
    """A text that is not exactly one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "other"


class OwnMapping(dict[Any, Any]):
    """A bundle that cannot be asked."""

    def get(self, *_: Any) -> Any:
        raise RuntimeError


def nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


texts = st.one_of(st.text(max_size=50), st.sampled_from(["\r", "\r\n", "a\rb", "\ud800", "가" * 3000, "\x1b[31m", ""]))
values = st.one_of(
    texts,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.binary(max_size=20),
    st.sampled_from([10**30, 10**5000, Strange(), OwnText("a"), object(), {1: 2}, {"\ud800": "\ud800"}, (1, 2), {3}]),
    st.integers(0, 60).map(nested),
    st.recursive(st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8),
    st.lists(texts, max_size=4),
)
WIDGET = "application/vnd.jupyter.widget-view+json"
kinds = st.one_of(st.sampled_from([*shown.KINDS, WIDGET, "text/x"]), texts, st.integers())
bundles = st.one_of(st.dictionaries(kinds, values, max_size=6), values, st.just(OwnMapping({"text/plain": "a"})))
steps = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(["stdout", "stderr"]), texts),
    st.tuples(st.just("display"), bundles, bundles, st.one_of(st.none(), texts)),
    st.tuples(st.just("update"), bundles, bundles, texts),
    st.tuples(st.just("error"), values, values, st.lists(values, max_size=5)),
    st.tuples(st.just("clear"), st.booleans()),
)


def shown_by(program: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """What the judge gets of these outputs: over the wire and through its checks."""
    outputs = CellOutputs(STREAM_BYTES)
    for name, *arguments in program:
        getattr(outputs, name)(*arguments)
    made = outputs.finish()
    frame = codec.encode({"id": 1, "value": made})
    value = codec.decode(frame.header, frame.buffers, limits=CodecLimits())["value"]
    return replies.outputs(value, output_bytes=STREAM_BYTES)


def assert_is_a_notebook(outputs: list[dict[str, Any]]) -> None:
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.from_dict(output) for output in outputs], id="a")
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    json.dumps(outputs, allow_nan=False, ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=25))
def test_whatever_a_cell_shows_is_taken(program: list[tuple[Any, ...]]) -> None:
    assert_is_a_notebook(shown_by(program))


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=1, max_size=8), st.integers(1, 40))
def test_and_with_narrow_limits_is_cut(program: list[tuple[Any, ...]], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in LIMITS:
            patch.setattr(shown, name, most * (50 if name.endswith("BYTES") else 1))
        patch.setattr(shown, "MOST_STREAMS", max(most, 2))
        patch.setattr(shown, "MOST_OUTPUTS", shown.MOST_STREAMS + shown.MOST_RICH + shown.MOST_NOTES)
        shown_by(program * 10)


@pytest.mark.parametrize("rounds", [600, 60_000])
def test_a_progress_bar_and_prints_in_one_loop_are_kept_as_far_as_there_is_room(rounds: int) -> None:
    program = [
        step for n in range(rounds) for step in (("write", "stderr", f"\r{n}/{rounds}"), ("write", "stdout", f"{n}\n"))
    ]
    outputs = shown_by(program)
    assert len(outputs) <= shown.MOST_OUTPUTS
    printed = "".join(output["text"] for output in outputs if output["name"] == "stdout")
    assert printed.startswith("0\n1\n2\n")
    assert ("생략" in outputs[-1]["text"]) is (rounds > 600)


@pytest.mark.parametrize(
    "content",
    [
        nested(33),
        nested(500),
        {"a": nested(40)},
        "\ud800",
        {"\ud800": ["\ud800"]},
        10**30,
        float("nan"),
        {1: 2},
        Strange(),
    ],
)
def test_json_that_is_none_is_shown_as_text(content: Any) -> None:
    bundle = {"application/json": content, "text/plain": "a"}
    (output,) = shown_by([("display", bundle, {"deep": content}, None)])
    assert output["data"]["text/plain"] == "a"
    assert_is_a_notebook([output])


def test_more_displays_than_are_kept_are_cut_with_a_note() -> None:
    *kept, note = shown_by([("display", {"text/plain": "a"}, {}, None)] * 2000)
    assert len(kept) == shown.MOST_RICH
    assert "생략" in note["text"]


def test_kinds_that_nobody_is_shown_and_what_is_empty_are_dropped() -> None:
    outputs = shown_by(
        [
            (
                "display",
                {WIDGET: {"model_id": "0"}, "text/plain": "HBox"},
                {},
                None,
            ),
            ("display", {"text/plain": None, "application/javascript": "alert(1)"}, {}, None),
            ("display", {"text/html": ["<b>", "a</b>"], "image/png": b"hi"}, None, None),
        ]
    )
    assert [output["data"] for output in outputs] == [
        {"text/plain": "HBox"},
        {"text/html": "<b>a</b>", "image/png": "aGk="},
    ]


def test_a_cells_number_is_a_number_or_none() -> None:
    assert [count_of(value) for value in (0, 7, -1, True, 10**9, "3", None)] == [0, 7, None, None, None, None, None]


def test_what_no_cell_has_made_is_refused() -> None:
    piece = {"output_type": "stream", "name": "stdout", "text": ""}
    with pytest.raises(ProtocolError):
        replies.outputs([piece] * (shown.MOST_OUTPUTS + 1), output_bytes=STREAM_BYTES)
