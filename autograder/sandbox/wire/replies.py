"""Checks of what a sandbox replies: shapes, exact types, whitelisted words and caps, before anything is believed.

Owns the shape of every reply. Everything is rebuilt from exact builtin types, so that what callers get holds only
what is described here. Raises ProtocolError for anything else; whether a value is right is not known here.
"""

from __future__ import annotations

import json
from typing import Any

from autograder.errors import ProtocolError
from autograder.sandbox.outcomes import BUILTIN_EXCEPTIONS, CUSTOM_EXCEPTION, Bound, StudentError
from autograder.sandbox.wire import shown

__all__ = ["ask_of", "bound", "cell_outcome", "names", "outputs", "unwrap", "wrong"]

_DETAIL = 20_000
_MOST_ASKS = 2**31


def unwrap(reply: Any, request: int) -> Any:
    """Return the value of a reply to `request`.

    Raises:
        ProtocolError: malformed, or the reply to something else.
        StudentError: the reply says that student code raised; unknown names become `CUSTOM_EXCEPTION`.
    """
    if type(reply) is not dict or type(reply.get("id")) is not int or reply["id"] != request:
        raise wrong("not a reply to this request")
    keys = set(reply)
    if keys == {"id", "value"}:
        return reply["value"]
    if keys != {"id", "etype", "line", "cell", "detail"}:
        raise wrong(f"keys {sorted(map(str, keys))[:10]}")
    etype = _text(reply["etype"], shown.MOST_NAME)
    cell = reply["cell"]
    if cell is not None:
        cell = _integer(cell, 100_000)
    raise StudentError(
        etype if etype in BUILTIN_EXCEPTIONS else CUSTOM_EXCEPTION,
        _integer(reply["line"], 10_000_000),
        cell,
        _text(reply["detail"], _DETAIL),
    )


def ask_of(reply: Any, request: int) -> tuple[int, str, Any] | None:
    """Return the number, the name and the data of an ask that came in place of the reply to `request`, or None.

    Raises:
        ProtocolError: it is an ask, and malformed or one in place of another reply.
    """
    if type(reply) is not dict or "ask" not in reply:
        return None
    if set(reply) != {"id", "ask", "name", "data"} or type(reply["id"]) is not int or reply["id"] != request:
        raise wrong("not an ask of this request")
    return _integer(reply["ask"], _MOST_ASKS), _text(reply["name"], shown.MOST_NAME), reply["data"]


def cell_outcome(value: Any, *, output_bytes: int) -> dict[str, Any]:
    """Return a checked CellOutcome.

    Args:
        value: what the sandbox claims.
        output_bytes: cap on stream text (`Limits.output_kb`), with room for a note that it was cut.
    """
    if type(value) is not dict:
        raise wrong("not a cell outcome")
    status = _text(value.get("status"), 10)
    if status not in ("ok", "error"):
        raise wrong("status")
    count = value.get("execution_count")
    return {
        "status": status,
        "ename": _text(value.get("ename", ""), shown.MOST_NAME),
        "line": _integer(value.get("line", 0), 10_000_000),
        "execution_count": None if count is None else _integer(count, shown.MOST_EXECUTION_COUNT),
        "outputs": outputs(value.get("outputs"), output_bytes=output_bytes),
    }


def names(value: Any, asked: list[str]) -> set[str]:
    """Return which of the names asked for a reply lists."""
    if type(value) is not list or any(type(name) is not str or name not in asked for name in value):
        raise wrong("names")
    return set(value)


def bound(value: Any, asked: list[str], labels: list[str], shadowable: list[str], cells: int) -> Bound:
    """Return a checked `Bound`.

    Args:
        value: what the sandbox claims.
        asked: the names that it may name as written or overwritten.
        labels: the answers that it may name.
        shadowable: the names that it may name as shadowed.
        cells: the number of cells of the notebook.
    """
    if type(value) is not dict or set(value) != {"written", "overwritten", "shadowed", "changed"}:
        raise wrong("bindings")
    return Bound(
        written=_placed(value["written"], asked, cells),
        overwritten=_placed(value["overwritten"], asked, cells),
        shadowed=_placed(value["shadowed"], shadowable, cells),
        changed=frozenset(names(value["changed"], labels)),
    )


def _placed(value: Any, asked: list[str], cells: int) -> tuple[tuple[str, int], ...]:
    if type(value) is not list or any(type(pair) is not list or len(pair) != 2 for pair in value):
        raise wrong("bindings of cells")
    names([name for name, _ in value], asked)
    return tuple((name, _integer(cell, cells)) for name, cell in value)


def outputs(value: Any, *, output_bytes: int) -> list[dict[str, Any]]:
    """Return nbformat 4 outputs rebuilt from what a sandbox claims."""
    if type(value) is not list or len(value) > shown.MOST_OUTPUTS:
        raise wrong("outputs")
    left = _Allowance(output_bytes + shown.NOTE_BYTES, "stream text"), _Allowance(shown.MOST_RICH_BYTES, "outputs")
    return [_output(item, *left) for item in value]


class _Allowance:
    """How much may still come."""

    def __init__(self, size: int, what: str) -> None:
        self.left = size
        self.what = what

    def take(self, text: str) -> str:
        self.left -= len(text)
        if self.left < 0:
            raise wrong(f"more {self.what} than allowed")
        return text


def _output(item: Any, stream: _Allowance, total: _Allowance) -> dict[str, Any]:
    if type(item) is not dict:
        raise wrong("output")
    kind = _text(item.get("output_type"), 20)
    keys = set(item)
    if kind == "stream" and keys == {"output_type", "name", "text"}:
        name = _text(item["name"], 6)
        if name not in ("stdout", "stderr"):
            raise wrong("stream name")
        return {"output_type": kind, "name": name, "text": stream.take(_text(item["text"], stream.left + 1))}
    if kind == "error" and keys == {"output_type", "ename", "evalue", "traceback"}:
        lines = item["traceback"]
        if type(lines) is not list or len(lines) > shown.MOST_TRACEBACK_LINES:
            raise wrong("traceback")
        return {
            "output_type": kind,
            "ename": total.take(_text(item["ename"], shown.MOST_NAME)),
            "evalue": total.take(_text(item["evalue"], shown.MOST_ERROR_TEXT)),
            "traceback": [total.take(_text(line, shown.MOST_ERROR_TEXT)) for line in lines],
        }
    if kind in ("display_data", "execute_result"):
        expected = {"output_type", "data", "metadata"} | ({"execution_count"} if kind == "execute_result" else set())
        if keys != expected:
            raise wrong("display keys")
        result = {"output_type": kind, "data": _bundle(item["data"], total), "metadata": _json(item["metadata"], total)}
        if type(result["metadata"]) is not dict:
            raise wrong("metadata")
        if kind == "execute_result":
            count = item["execution_count"]
            result["execution_count"] = None if count is None else _integer(count, shown.MOST_EXECUTION_COUNT)
        return result
    raise wrong("output type")


def _bundle(data: Any, total: _Allowance) -> dict[str, Any]:
    if type(data) is not dict or not set(data) <= set(shown.KINDS):
        raise wrong("data")
    return {
        kind: _json(content, total) if shown.is_json(kind) else total.take(_text(content, shown.MOST_RICH_BYTES))
        for kind, content in data.items()
    }


def _json(value: Any, total: _Allowance) -> Any:
    """Return plain JSON that nbformat accepts."""
    _plain(value, shown.MOST_DEPTH)
    try:
        return json.loads(total.take(json.dumps(value, allow_nan=False, ensure_ascii=False)))
    except (ValueError, TypeError) as error:
        raise wrong("JSON") from error


def _plain(value: Any, depth: int) -> None:
    if depth == 0:
        raise wrong("depth")
    if type(value) is dict:
        if any(type(key) is not str for key in value):
            raise wrong("JSON key")
        for inner in value.values():
            _plain(inner, depth - 1)
    elif type(value) is list:
        for inner in value:
            _plain(inner, depth - 1)
    elif value is not None and type(value) not in (bool, int, float, str):
        raise wrong("JSON value")


def _text(value: Any, most: int) -> str:
    if type(value) is not str or len(value) > most:
        raise wrong("text")
    return value


def _integer(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise wrong("number")
    return value


def wrong(what: str) -> ProtocolError:
    """Return the error for a reply that is not what was agreed; `what` is English, for staff."""
    return ProtocolError("reply-malformed", "실행 환경의 응답이 약속된 형식이 아닙니다.", detail=what)
