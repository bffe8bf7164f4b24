"""Rich consoles for the command line, from which nothing comes that steers a terminal but what rich itself writes.

Who prints a student's text puts it through `autograder.plain.shown` first, which also keeps its brackets from being
markup. This console does not rely on that: every string is cleaned before it is laid out, and whatever else would come
out, of a title or a column made elsewhere, is a replacement character of the same width.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from autograder.plain import short_lines, visible

__all__ = ["PlainConsole", "console", "errors", "tell", "tell_lines"]

_HANGING = 4
"""Columns by which a further line stands in: none begins where a line of ours does."""
_NARROWEST = 20
"""Columns of text, however narrow the terminal says it is."""


class PlainConsole(Console):
    """A console that cleans what it is given to print.

    Args:
        file: where to print; standard output if None.
        stderr: print on standard error.
        options: what rich's own class takes.
    """

    def __init__(self, *, file: IO[str] | None = None, stderr: bool = False, **options: Any) -> None:
        super().__init__(file=file, stderr=stderr, highlight=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a string as text to lay out, cleaned; see rich's class for the options."""
        return super().render_str(visible(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed of anything that rich can print."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
                continue
            style = segment.style
            if style is not None and style.link:  # nothing of ours is one
                style = style.update_link(None)
            yield Segment(_same_width(segment.text), style)


console = PlainConsole()
errors = PlainConsole(stderr=True)


def tell(console: Console, markup: str, indent: int) -> None:
    """Print sentences that hold a student's words; all but the first line stand further in, wherever it wraps.

    Args:
        console: where.
        markup: what of it is not ours has passed `autograder.plain.shown` or `shown_prose`.
        indent: columns of the first line.
    """
    text = console.render_str(markup)
    lines = text.wrap(console, max(console.width - indent, _NARROWEST))
    if len(lines) > 1:
        lines = text.wrap(console, max(console.width - indent - _HANGING, _NARROWEST))

    for place, line in enumerate(lines):
        console.print(Padding(line, (0, 0, 0, indent + (_HANGING if place else 0)), expand=False))


def tell_lines(console: Console, text: str, indent: int, most: int) -> int:
    """Print a detail (a traceback, say) as it is, dim and indented wherever it wraps; returns how many lines are left.

    Args:
        console: where.
        text: any text.
        indent: columns.
        most: lines to print.
    """
    lines = short_lines(text.strip("\n")) if text else []
    for line in lines[:most]:
        console.print(Padding(Text(line, "dim"), (0, 0, 0, indent), expand=False))
    return max(len(lines) - most, 0)


def _same_width(text: str) -> str:
    """Return the text if it is clean, else with a replacement character for each that is not; it goes on a line."""
    if visible(f"x{text}") == f"x{text}":
        return text
    return "".join(c if visible(f"x{c}") == f"x{c}" else "\ufffd" for c in text)
