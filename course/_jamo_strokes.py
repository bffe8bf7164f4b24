"""The shapes of the letters: strokes in the unit box, as data. Owns no randomness and draws nothing.

x goes right and y goes down; (0, 0) is the top left corner, (1, 1) the bottom right one. A stroke is `line` (corners
joined in order, open), `loop` (the same, closed) or `ring` (a circle, as a polygon). The shapes are those a Korean
learns at school to write with a ruler and a compass; they are taken from no font.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "COMPOUND_VOWELS",
    "CONSONANTS",
    "DOUBLE_CONSONANTS",
    "MAX_CORNERS",
    "MAX_STROKES",
    "VOWELS",
    "Glyph",
    "glyph",
]

CONSONANTS = tuple("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ")
DOUBLE_CONSONANTS = tuple("ㄲㄸㅃㅆㅉ")
VOWELS = tuple("ㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣ")
COMPOUND_VOWELS = tuple("ㅐㅒㅔㅖㅘㅙㅚㅝㅞㅟㅢ")

MAX_STROKES = 8
MAX_CORNERS = 24
"""Room kept for a letter's random numbers. Fixed, so that a new letter would leave the pictures of the others alone."""

_RING_CORNERS = 16

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen.

    Args:
        corners: (x, y) in the unit box, in the order of writing.
        closed: whether the last corner is joined to the first.
        rigid: whether it moves only as a whole (a ring stays round).
    """

    corners: tuple[Point, ...]
    closed: bool = False
    rigid: bool = False


@dataclass(frozen=True)
class Glyph:
    """A letter ready to be drawn.

    Args:
        points: (V, 2) float64, every stroke's corners, relative to the centre of the unit box.
        stroke: (V,) int64, which stroke a corner belongs to.
        loose: (V,) float64, 1 where the corner may move by itself, 0 in a ring.
        edges: (S, 2) int64, the corners that each line segment joins.
    """

    points: NDArray[np.float64]
    stroke: NDArray[np.int64]
    loose: NDArray[np.float64]
    edges: NDArray[np.int64]


def glyph(letter: str) -> Glyph:
    """Return the shape of one of the 40 letters.

    Raises:
        KeyError: if there is no such letter here.
    """
    strokes = _STROKES[letter]
    points: list[Point] = []
    owner: list[int] = []
    loose: list[float] = []
    edges: list[tuple[int, int]] = []
    for number, stroke in enumerate(strokes):
        first, count = len(points), len(stroke.corners)
        points += stroke.corners
        owner += [number] * count
        loose += [0.0 if stroke.rigid else 1.0] * count
        edges += [(first + i, first + i + 1) for i in range(count - 1)]
        if stroke.closed:
            edges.append((first + count - 1, first))
    return Glyph(np.array(points) - 0.5, np.array(owner), np.array(loose), np.array(edges))


def _line(*corners: Point) -> Stroke:
    return Stroke(corners)


def _loop(*corners: Point) -> Stroke:
    return Stroke(corners, closed=True)


def _ring(x: float, y: float, radius: float) -> Stroke:
    turns = [2 * pi * i / _RING_CORNERS for i in range(_RING_CORNERS)]
    return Stroke(tuple((x + radius * cos(t), y + radius * sin(t)) for t in turns), closed=True, rigid=True)


def _inside(strokes: list[Stroke], left: float, top: float, right: float, bottom: float) -> list[Stroke]:
    """Put a letter into a part of the box."""

    def moved(point: Point) -> Point:
        return left + point[0] * (right - left), top + point[1] * (bottom - top)

    return [Stroke(tuple(map(moved, s.corners)), s.closed, s.rigid) for s in strokes]


def _twice(letter: str) -> list[Stroke]:
    single = _BASIC[letter]
    return _inside(single, -0.08, 0.02, 0.5, 0.98) + _inside(single, 0.5, 0.02, 1.08, 0.98)


_BASIC: dict[str, list[Stroke]] = {
    "ㄱ": [_line((0.2, 0.2), (0.78, 0.2), (0.74, 0.82))],
    "ㄴ": [_line((0.24, 0.18), (0.24, 0.78), (0.82, 0.78))],
    "ㄷ": [_line((0.8, 0.22), (0.23, 0.22), (0.23, 0.78), (0.82, 0.78))],
    "ㄹ": [_line((0.22, 0.18), (0.78, 0.18), (0.78, 0.49), (0.23, 0.49), (0.23, 0.81), (0.82, 0.81))],
    "ㅁ": [_loop((0.23, 0.22), (0.77, 0.22), (0.77, 0.78), (0.23, 0.78))],
    "ㅂ": [_line((0.25, 0.16), (0.25, 0.82), (0.75, 0.82), (0.75, 0.16)), _line((0.25, 0.48), (0.75, 0.48))],
    "ㅅ": [_line((0.52, 0.16), (0.45, 0.46), (0.17, 0.84)), _line((0.47, 0.44), (0.83, 0.84))],
    "ㅇ": [_ring(0.5, 0.5, 0.31)],
    "ㅈ": [
        _line((0.2, 0.21), (0.8, 0.21)),
        _line((0.52, 0.21), (0.45, 0.5), (0.17, 0.84)),
        _line((0.47, 0.49), (0.83, 0.84)),
    ],
    "ㅊ": [
        _line((0.5, 0.05), (0.5, 0.19)),
        _line((0.2, 0.32), (0.8, 0.32)),
        _line((0.51, 0.32), (0.45, 0.58), (0.17, 0.9)),
        _line((0.47, 0.57), (0.83, 0.9)),
    ],
    "ㅋ": [_line((0.2, 0.2), (0.78, 0.2), (0.74, 0.84)), _line((0.2, 0.5), (0.76, 0.5))],
    "ㅌ": [_line((0.8, 0.18), (0.23, 0.18), (0.23, 0.82), (0.82, 0.82)), _line((0.23, 0.5), (0.77, 0.5))],
    "ㅍ": [
        _line((0.18, 0.22), (0.82, 0.22)),
        _line((0.37, 0.22), (0.39, 0.78)),
        _line((0.63, 0.22), (0.61, 0.78)),
        _line((0.16, 0.78), (0.84, 0.78)),
    ],
    "ㅎ": [_line((0.5, 0.04), (0.5, 0.18)), _line((0.18, 0.31), (0.82, 0.31)), _ring(0.5, 0.68, 0.23)],
    "ㅏ": [_line((0.42, 0.1), (0.42, 0.9)), _line((0.42, 0.5), (0.76, 0.5))],
    "ㅑ": [_line((0.42, 0.1), (0.42, 0.9)), _line((0.42, 0.37), (0.76, 0.37)), _line((0.42, 0.63), (0.76, 0.63))],
    "ㅓ": [_line((0.58, 0.1), (0.58, 0.9)), _line((0.24, 0.5), (0.58, 0.5))],
    "ㅕ": [_line((0.58, 0.1), (0.58, 0.9)), _line((0.24, 0.37), (0.58, 0.37)), _line((0.24, 0.63), (0.58, 0.63))],
    "ㅗ": [_line((0.1, 0.64), (0.9, 0.64)), _line((0.5, 0.28), (0.5, 0.64))],
    "ㅛ": [_line((0.1, 0.64), (0.9, 0.64)), _line((0.37, 0.28), (0.37, 0.64)), _line((0.63, 0.28), (0.63, 0.64))],
    "ㅜ": [_line((0.1, 0.36), (0.9, 0.36)), _line((0.5, 0.36), (0.5, 0.72))],
    "ㅠ": [_line((0.1, 0.36), (0.9, 0.36)), _line((0.37, 0.36), (0.37, 0.72)), _line((0.63, 0.36), (0.63, 0.72))],
    "ㅡ": [_line((0.1, 0.5), (0.9, 0.5))],
    "ㅣ": [_line((0.5, 0.1), (0.5, 0.9))],
}

_OH = [_line((0.06, 0.72), (0.6, 0.72)), _line((0.33, 0.42), (0.33, 0.72))]
_OO = [_line((0.06, 0.5), (0.6, 0.5)), _line((0.33, 0.5), (0.33, 0.84))]
_BAR = _line((0.84, 0.06), (0.84, 0.94))

_COMPOUND: dict[str, list[Stroke]] = {
    "ㅐ": [_line((0.28, 0.12), (0.28, 0.88)), _line((0.28, 0.5), (0.7, 0.5)), _line((0.7, 0.08), (0.7, 0.92))],
    "ㅒ": [
        _line((0.28, 0.12), (0.28, 0.88)),
        _line((0.28, 0.36), (0.7, 0.36)),
        _line((0.28, 0.64), (0.7, 0.64)),
        _line((0.7, 0.08), (0.7, 0.92)),
    ],
    "ㅔ": [_line((0.16, 0.5), (0.48, 0.5)), _line((0.48, 0.12), (0.48, 0.88)), _line((0.78, 0.08), (0.78, 0.92))],
    "ㅖ": [
        _line((0.16, 0.36), (0.48, 0.36)),
        _line((0.16, 0.64), (0.48, 0.64)),
        _line((0.48, 0.12), (0.48, 0.88)),
        _line((0.78, 0.08), (0.78, 0.92)),
    ],
    "ㅘ": [*_OH, _line((0.72, 0.06), (0.72, 0.94)), _line((0.72, 0.46), (0.96, 0.46))],
    "ㅙ": [
        *_inside(_OH, -0.02, 0, 0.86, 1),
        _line((0.63, 0.1), (0.63, 0.94)),
        _line((0.63, 0.44), (0.92, 0.44)),
        _line((0.92, 0.06), (0.92, 0.94)),
    ],
    "ㅚ": [*_OH, _BAR],
    "ㅝ": [
        _line((0.06, 0.42), (0.62, 0.42)),
        _line((0.3, 0.42), (0.3, 0.84)),
        _line((0.54, 0.66), (0.86, 0.66)),
        _line((0.86, 0.06), (0.86, 0.94)),
    ],
    "ㅞ": [
        _line((0.04, 0.36), (0.48, 0.36)),
        _line((0.24, 0.36), (0.24, 0.82)),
        _line((0.44, 0.62), (0.68, 0.62)),
        _line((0.68, 0.1), (0.68, 0.92)),
        _line((0.94, 0.06), (0.94, 0.94)),
    ],
    "ㅟ": [*_OO, _BAR],
    "ㅢ": [_line((0.06, 0.7), (0.58, 0.7)), _BAR],
}

_DOUBLE = dict(zip(DOUBLE_CONSONANTS, map(_twice, "ㄱㄷㅂㅅㅈ"), strict=True))

_STROKES: dict[str, list[Stroke]] = {**_BASIC, **_DOUBLE, **_COMPOUND}
