"""What a cell shows, as nbformat 4 outputs: streams, rich results, displays, errors, each within a budget.

Owns one cell's outputs while it runs (`CellOutputs`) and the objects that feed them: the streams that stand for
`sys.stdout` and `sys.stderr`, IPython's display hook and its display publisher. Refuses to keep more than the budget:
what is beyond is dropped as it arrives, and a Korean note says so. What is written while no cell runs is dropped too,
because a student's function sees hidden inputs then. What may be shown at all is `wire.shown`'s table.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

from autograder.sandbox.wire import shown
from autograder.sandbox.wire.shown import plain_bundle, plain_metadata, text_of

__all__ = ["CellDisplayHook", "CellDisplayPublisher", "CellOutputs", "CellStream", "count_of", "text_of"]

Output = dict[str, Any]

_MEGABYTES = shown.MOST_RICH_BYTES >> 20
PENDING_CHARS = 8192  # gathered before a stream's text is looked at
_CARRIAGE_RETURN_NEWLINE = re.compile(r"\r+\n")


class CellOutputs:
    """The outputs of one cell in the order they appeared; adjacent pieces of one stream are joined.

    Args:
        stream_bytes: stream text kept, in UTF-8, counted after carriage returns have overwritten their line.
    """

    def __init__(self, stream_bytes: int) -> None:
        self.stream_bytes = stream_bytes
        self._displays: dict[str, list[Output]] = {}
        self._clear_next = False
        self.clear()

    def clear(self, wait: bool = False) -> None:
        """Forget everything shown so far: now, or when `wait` is true just before the next output."""
        if wait:
            self._flush()
        self._clear_next = wait
        if wait:
            return
        self._items: list[Output | _Text] = []
        self._pending: list[str] = []
        self._pending_name = ""
        self._pending_size = 0
        self._stream_left = self.stream_bytes
        self._rich_left = shown.MOST_RICH_BYTES
        self._rich_count = 0
        self._streams = 0
        self._last_of: dict[str, _Text] = {}
        self._dropped: set[str] = set()

    def write(self, name: str, text: str) -> None:
        """Append text to the stream `name` (``"stdout"`` or ``"stderr"``)."""
        if name != self._pending_name or self._pending_size > PENDING_CHARS:
            self._flush()
            self._pending_name = name
        self._pending.append(text)
        self._pending_size += str.__len__(text)

    def _flush(self) -> None:
        text, name = text_of("".join(self._pending)), self._pending_name
        self._pending, self._pending_size, self._pending_name = [], 0, ""
        if not text:
            return
        self._clear_if_due()
        last = self._items[-1] if self._items else None
        if not (isinstance(last, _Text) and last.name == name):
            if self._stream_left <= 0:
                self._dropped.add("stream")
                return
            last = self._last_of.get(name) if self._streams >= shown.MOST_STREAMS else None
            if last is None:  # of two streams at least one piece is there when no more are taken
                last = self._last_of[name] = _Text(name)
                self._items.append(last)
                self._streams += 1
        before = last.size
        if not last.append(text, self._stream_left + before):
            self._dropped.add("stream")
        self._stream_left -= last.size - before

    def add(self, output: Output) -> None:
        """Append a result, display or error."""
        self._flush()
        self._clear_if_due()
        size = _bytes(output)
        if size > self._rich_left or self._rich_count >= shown.MOST_RICH:
            self._dropped.add("rich")
            return
        self._rich_left -= size
        self._rich_count += 1
        self._items.append(output)

    def display(self, data: Any, metadata: Any, display_id: Any) -> None:
        """Append a display; one with an id can be updated while this cell runs."""
        output = {"output_type": "display_data", "data": plain_bundle(data), "metadata": plain_metadata(metadata)}
        if not output["data"]:
            return
        self.add(output)
        if display_id is not None and self._items and self._items[-1] is output:
            self._displays.setdefault(text_of(display_id), []).append(output)

    def update(self, data: Any, metadata: Any, display_id: Any) -> None:
        """Replace the content of this cell's displays with that id; displays of earlier cells stay as they were."""
        data, metadata = plain_bundle(data), plain_metadata(metadata)
        size = _bytes(data)
        for output in self._displays.get(text_of(display_id), []):
            if size > self._rich_left:
                self._dropped.add("rich")
                return
            self._rich_left -= size - _bytes(output["data"])
            output["data"], output["metadata"] = data, metadata

    def error(self, ename: object, evalue: object, traceback: Sequence[object]) -> None:
        """Append an error output."""
        lines = [text_of(line)[: shown.MOST_ERROR_TEXT] for line in traceback[: shown.MOST_TRACEBACK_LINES]]
        self.add(
            {
                "output_type": "error",
                "ename": text_of(ename)[: shown.MOST_NAME],
                "evalue": text_of(evalue)[: shown.MOST_ERROR_TEXT],
                "traceback": lines,
            }
        )

    def finish(self) -> list[Output]:
        """Return the outputs as nbformat 4 dictionaries, with a note where something was left out."""
        self._flush()
        outputs = [item.output() if isinstance(item, _Text) else item for item in self._items]
        notes = {
            "stream": f"[글 출력이 {self.stream_bytes // 1024} KB를 넘어 나머지는 생략했습니다.]\n",
            "rich": f"[그림과 표가 {shown.MOST_RICH}개 또는 {_MEGABYTES} MB를 넘어 나머지는 생략했습니다.]\n",
        }
        for what in sorted(self._dropped):
            outputs.append({"output_type": "stream", "name": "stderr", "text": notes[what]})
        return [output for output in outputs if output.get("text") != ""]

    def _clear_if_due(self) -> None:
        if self._clear_next:
            self.clear()


class _Text:
    """The text of one stream output. Within a line, what follows a carriage return replaces what stood before it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = 0
        self._lines: list[str] = []
        self._open: list[str] = []  # pieces of the line that has not ended yet

    def append(self, text: str, limit: int) -> bool:
        """Append as far as `limit` bytes in all allow; returns whether everything fitted."""
        if "\r" in text or (self._open and self._open[-1].endswith("\r")):
            start = "".join(self._open)
            self.size -= _size(start)
            self._open = []
            text = _overwrite(start + text)
        kept = text if self.size + len(text) * 4 <= limit else _cut(text, limit - self.size)
        self.size += _size(kept)
        end = kept.rfind("\n") + 1
        if end:
            self._lines += [*self._open, kept[:end]]
            self._open = [kept[end:]] if end < len(kept) else []
        elif kept:
            self._open.append(kept)
        return len(kept) == len(text)

    def output(self) -> Output:
        text = "".join([*self._lines, *self._open])
        return {"output_type": "stream", "name": self.name, "text": text.rstrip("\r")}


class CellStream(io.TextIOBase):
    """Stands for `sys.stdout` or `sys.stderr`: one object for the life of the process, whatever cell runs.

    `outputs` is what it writes into, None between cells.
    """

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = f"<{name}>"
        self.outputs: CellOutputs | None = None
        self._channel = name
        self._descriptor = descriptor

    def write(self, text: str) -> int:
        """Append to the running cell's outputs; raises TypeError for anything but str, as every text stream."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.outputs is not None:
            self.outputs.write(self._channel, text)
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False."""
        return False

    def fileno(self) -> int:
        """Return the descriptor below, whose text the trusted side drains."""
        return self._descriptor

    def close(self) -> None:
        """Stay open: later cells write here too."""


class CellDisplayHook(DisplayHook):  # type: ignore[misc]
    """Turns the value of a cell's last expression into an execute_result."""

    def write_output_prompt(self) -> None:
        """Print no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Append the result to the cell's outputs."""
        outputs = self.shell.outputs
        if outputs is not None:
            outputs.add(
                {
                    "output_type": "execute_result",
                    "execution_count": count_of(self.prompt_count),
                    "data": plain_bundle(format_dict),
                    "metadata": plain_metadata(md_dict),
                }
            )

    def log_output(self, format_dict: Any) -> None:
        """Keep no second copy."""

    def finish_displayhook(self) -> None:
        """Write no separator."""
        self._is_active = False


class CellDisplayPublisher(DisplayPublisher):  # type: ignore[misc]
    """Turns `display()` and its relatives into outputs of the running cell."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        *_args: Any,
        transient: Any = None,
        update: bool = False,
        **_kwargs: Any,
    ) -> None:
        """Append a display, or update those with its id."""
        outputs = self.shell.outputs
        if outputs is None:
            return
        show = outputs.update if update else outputs.display
        show(data, metadata, (transient or {}).get("display_id"))

    def clear_output(self, wait: bool = False) -> None:
        """Clear the running cell's outputs."""
        if self.shell.outputs is not None:
            self.shell.outputs.clear(wait)


def _overwrite(text: str) -> str:
    """Let carriage returns overwrite their line, as a notebook's page does; an open line keeps its last one."""
    lines = _CARRIAGE_RETURN_NEWLINE.sub("\n", text).split("\n")
    shown = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
    if lines[-1].endswith("\r"):
        shown[-1] += "\r"
    return "\n".join(shown)


def count_of(value: object) -> int | None:
    """Return a cell's number as it is told, None where a notebook has made something else of it."""
    return value if type(value) is int and 0 <= value <= shown.MOST_EXECUTION_COUNT else None


def _bytes(output: Any) -> int:
    return _size(json.dumps(output, ensure_ascii=False))


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _cut(text: str, size: int) -> str:
    """Return the longest beginning of `text` that takes no more than `size` bytes."""
    data = text.encode()
    return text if len(data) <= size else data[: max(size, 0)].decode("utf-8", "ignore")
