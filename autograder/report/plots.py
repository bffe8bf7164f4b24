"""Charts as inline SVG written by hand: no style attributes (the page's policy forbids them), classes only.

One hue and text labels, so nothing depends on telling colours apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from markupsafe import Markup

from autograder.report.words import number

__all__ = ["BINS", "bin_counts", "histogram"]

BINS = 10
_WIDTH, _HEIGHT, _LEFT, _TOP, _FLOOR = 640, 240, 14, 34, 208
_LETTER, _LINE = 14.0, 24.0
"""Width of a digit and height of a line, in the picture's units, at their largest: on a telephone (style.css)."""


def bin_counts(scores: Sequence[float], possible: float) -> list[int]:
    """Return how many scores fall into each tenth of `possible`; the last bin includes the full score."""
    counts = [0] * BINS
    for score in scores:
        place = int(BINS * score / possible) if possible > 0 else 0
        counts[min(max(place, 0), BINS - 1)] += 1
    return counts


def histogram(scores: Sequence[float], possible: float) -> Markup:
    """Return the distribution of scores as an SVG element, with its median marked."""
    counts = bin_counts(scores, possible)
    middle = median(scores)
    step = (_WIDTH - 2 * _LEFT) / BINS
    tallest = max(counts) or 1
    words = f"점수 분포. 제출물 {len(scores)}건, 중앙값 {number(middle)}점. " + ", ".join(
        f"{_edge(i, possible)}점부터 {count}건" for i, count in enumerate(counts) if count
    )
    parts = [f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{words}">']
    for place, count in enumerate(counts):
        x = _LEFT + place * step
        height = (_FLOOR - _TOP - 22) * count / tallest
        if count:
            parts.append(_column(x + 2, height, step - 4))
            parts.append(_text(x + step / 2, _FLOOR - height - 5, str(count)))
        kind = "tick odd" if place % 2 else "tick"
        parts.append(_text(x, _FLOOR + 23, _edge(place, possible), kind, "middle" if place else "start"))
    end = _WIDTH - _LEFT
    parts.append(_text(end, _FLOOR + 23, number(possible), "tick", "end"))
    parts.append(f'<line class="axis" x1="{_LEFT}" x2="{end}" y1="{_FLOOR}" y2="{_FLOOR}"/>')
    share = min(max(middle / possible, 0.0), 1.0) if possible > 0 else 0.0
    at = _LEFT + (end - _LEFT) * share
    left = share > 0.5  # the word stands on the side that has room
    place = min(int(BINS * share), BINS - 1)
    over = abs(at - (_LEFT + (place + 0.5) * step)) < (len(str(counts[place])) + 1) * _LETTER / 2
    top = _FLOOR - (_FLOOR - _TOP - 22) * counts[place] / tallest
    if counts[place] and over:  # the line stops for the number of the column that it stands in
        parts += [_middle(at, _TOP - 18, max(top - 5 - _LINE, _TOP - 8)), _middle(at, top, _FLOOR)]
    else:
        parts.append(_middle(at, _TOP - 18, _FLOOR))
    word = f"중앙값 {number(middle)}"
    parts.append(_text(at + (-6 if left else 6), _TOP - 10, word, "middle-word", "end" if left else "start"))
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - numbers and our own words only


def _column(x: float, height: float, width: float) -> str:
    top = _FLOOR - height
    return f'<rect class="column" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _middle(x: float, top: float, end: float) -> str:
    return f'<line class="middle" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{end:.1f}"/>'


def _text(x: float, y: float, words: str, kind: str = "count", anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def _edge(place: int, possible: float) -> str:
    return number(possible * place / BINS)
