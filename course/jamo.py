"""Hangul letters drawn by a program: a data set made of strokes, without fonts, files or downloads.

Every picture is a function of a seed. A letter's strokes (course/_jamo_strokes.py) are turned, stretched, slanted and
shifted, each stroke and each corner moves a little by itself, and the lines get a thickness, a darkness, a blur and
noise of their own. The same seed gives the same bits on the same NumPy. torch is imported by the functions that return
tensors. What a network makes of these pictures is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course._jamo_strokes import (
    COMPOUND_VOWELS,
    CONSONANTS,
    DOUBLE_CONSONANTS,
    MAX_CORNERS,
    MAX_STROKES,
    VOWELS,
    Glyph,
    glyph,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    Floats = NDArray[np.float64]
    Pixels = NDArray[np.float32]

__all__ = [
    "COMPOUND_VOWELS",
    "CONSONANTS",
    "DOUBLE_CONSONANTS",
    "JAMO",
    "SIZE",
    "VOWELS",
    "FewShot",
    "Labelled",
    "consonants",
    "draw",
    "few_shot",
    "vowels",
]

JAMO = CONSONANTS + VOWELS + DOUBLE_CONSONANTS + COMPOUND_VOWELS
"""All 40 letters: 14 consonants, 10 vowels, 5 double consonants, 11 compound vowels."""

SIZE = 20
"""Height and width of a picture in pixels."""

# How far a letter may go at strength 1. Chosen so that a reader still knows every letter and a network needs more than
# a handful of pictures; docs/jamo.md has the measurements.
_TURN = 0.14  # tangent of half the angle: 0.14 is 16 degrees
_SHRINK = 0.38  # smallest size is 1 - 0.38 of the largest
_ASPECT = 0.22
_SLANT = 0.22
_SHIFT = 0.16  # of the picture's width
_STROKE_SHIFT = 0.025
_CORNER_SHIFT = 0.035
_THICKNESS = (0.034, 0.062)  # half of a line's width, of the picture's width
_MARGIN = 0.03
_FADE = 0.35
_BLUR = 0.22  # weight of each neighbour; 0.25 is the binomial 1-2-1
_NOISE = 0.16  # largest standard deviation of a pixel

_PLAIN = 10  # random numbers of a picture as a whole; then those of strokes and corners
_CHUNK = 256  # pictures drawn at once: their pixels stay in the processor's cache
_TRAIN, _TEST, _CONSONANTS, _VOWELS, _DRAW = range(5)  # kept apart: no seed of one gives the pictures of another


class Labelled(NamedTuple):
    """Pictures of letters with the number of the letter.

    Args:
        x: (N, 1, 20, 20) float32 in [0, 1], 0 paper and 1 ink.
        y: (N,) int64, position of the letter in the tuple of class names.
    """

    x: Tensor
    y: Tensor


class FewShot(NamedTuple):
    """A few labelled vowels to learn from and many to test with; 10 classes, named by `VOWELS`.

    Args:
        x_train: (10 k, 1, 20, 20) float32 in [0, 1].
        y_train: (10 k,) int64, k of each class.
        x_test: (10 m, 1, 20, 20) float32 in [0, 1], the same for every k and seed.
        y_test: (10 m,) int64.
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor


def draw(letters: str | Sequence[str] | Sequence[int], seed: int = 0, *, strength: float = 1.0) -> Tensor:
    """Draw letters, each in its own hand.

    Picture i depends on `seed`, on i and on letter i only: the first n of a longer list are those of the shorter one.

    Args:
        letters: N letters, as a string such as ``"ㄱㅏ"``, as names, or as positions in `JAMO`.
        seed: non-negative integer.
        strength: how far a picture may depart from the plain letter: 0 gives the plain letter in sharp ink, 1 the data
            sets' pictures. Above 1 letters grow hard to tell apart.

    Returns:
        (N, 1, 20, 20) float32 in [0, 1]: 0 paper, 1 ink, in steps of 1/255.

    Raises:
        ValueError: for a letter that is not in `JAMO`, or a negative seed or strength.
    """
    import torch

    if strength < 0:
        raise ValueError(f"strength는 0 이상이어야 합니다: {strength}")
    names = [_name(letter) for letter in letters]
    return torch.from_numpy(_pictures(names, seed, _DRAW, strength))


def consonants(n_per_class: int, seed: int = 0, *, doubles: bool = False) -> Labelled:
    """Return consonants, the task that the pretrained backbone learnt.

    Classes take turns (ㄱ, ㄴ, ..., ㅎ, ㄱ, ...), and a larger `n_per_class` only adds pictures at the end.

    Args:
        n_per_class: pictures of each letter, >= 0.
        seed: non-negative integer.
        doubles: also ㄲ ㄸ ㅃ ㅆ ㅉ, as classes 14 to 18.

    Returns:
        x (N, 1, 20, 20) float32 in [0, 1] and y (N,) int64, N = 14 `n_per_class` (19 with doubles).
    """
    return _labelled(CONSONANTS + DOUBLE_CONSONANTS if doubles else CONSONANTS, n_per_class, seed, _CONSONANTS)


def vowels(n_per_class: int, seed: int = 0, *, compounds: bool = False) -> Labelled:
    """Return vowels, the task to transfer to.

    Classes take turns (ㅏ, ㅑ, ..., ㅣ, ㅏ, ...), and a larger `n_per_class` only adds pictures at the end.

    Args:
        n_per_class: pictures of each letter, >= 0.
        seed: non-negative integer.
        compounds: also ㅐ ㅒ ㅔ ㅖ ㅘ ㅙ ㅚ ㅝ ㅞ ㅟ ㅢ, as classes 10 to 20.

    Returns:
        x (N, 1, 20, 20) float32 in [0, 1] and y (N,) int64, N = 10 `n_per_class` (21 with compounds).
    """
    return _labelled(VOWELS + COMPOUND_VOWELS if compounds else VOWELS, n_per_class, seed, _VOWELS)


def few_shot(k: int, seed: int = 0, *, test_per_class: int = 100) -> FewShot:
    """Return k vowels of each class to learn from, and a test set that shares no picture with them.

    The shots of a seed are nested: those for k are the first of those for any larger k, so a curve over k compares like
    with like. The test set does not depend on `seed` or `k`.

    Args:
        k: shots, pictures of each class to learn from, >= 1.
        seed: non-negative integer, which shots.
        test_per_class: pictures of each class in the test set.
    """
    if k < 1:
        raise ValueError(f"k는 1 이상이어야 합니다: {k}")
    train = _labelled(VOWELS, k, seed, _TRAIN)
    test = _labelled(VOWELS, test_per_class, 0, _TEST)
    return FewShot(train.x, train.y, test.x, test.y)


def _name(letter: str | int) -> str:
    if isinstance(letter, str):
        if letter in JAMO:
            return letter
    elif 0 <= letter < len(JAMO):
        return JAMO[letter]
    raise ValueError(f"그릴 수 있는 자모가 아닙니다: {letter!r}. jamo.JAMO에 있는 글자나 그 번호를 쓰세요.")


def _labelled(names: Sequence[str], n_per_class: int, seed: int, stream: int) -> Labelled:
    import torch

    if n_per_class < 0:
        raise ValueError(f"클래스마다 그릴 장수는 0 이상이어야 합니다: {n_per_class}")
    x = _pictures(list(names) * n_per_class, seed, stream, 1.0)
    y = np.tile(np.arange(len(names), dtype=np.int64), n_per_class)
    return Labelled(torch.from_numpy(x), torch.from_numpy(y))


def _pictures(names: Sequence[str], seed: int, stream: int, strength: float) -> Pixels:
    """Draw N letters as (N, 1, 20, 20). Row i of the random numbers is picture i's, whatever N is."""
    if seed < 0:
        raise ValueError(f"seed는 0 이상이어야 합니다: {seed}")
    shape, grain = (np.random.default_rng([stream, part, seed]) for part in range(2))
    u = shape.uniform(-1, 1, (len(names), _PLAIN + 2 * MAX_STROKES + 2 * MAX_CORNERS))
    noise = grain.standard_normal((len(names), SIZE, SIZE), dtype=np.float32)
    out = np.empty((len(names), SIZE, SIZE), np.float32)
    letters = np.array(names, dtype=object)
    for name in dict.fromkeys(names):
        rows = np.flatnonzero(letters == name)
        for start in range(0, len(rows), _CHUNK):
            some = rows[start : start + _CHUNK]
            out[some] = _ink(glyph(name), u[some], noise[some], strength)
    return out[:, None]


def _ink(letter: Glyph, u: Floats, noise: Pixels, strength: float) -> Pixels:
    """Draw one letter m times: random numbers (m, R) in [-1, 1] and noise (m, 20, 20) -> pixels (m, 20, 20)."""
    middle, reach = sum(_THICKNESS) / 2, (_THICKNESS[1] - _THICKNESS[0]) / 2
    width = (middle + strength * reach * u[:, 6]).astype(np.float32)
    distance = _distance(_place(letter, u, strength).astype(np.float32), letter.edges)
    pixels = np.clip((width[:, None] - distance) * SIZE + np.float32(0.5), 0, 1).reshape(-1, SIZE, SIZE)

    def share(column: int, most: float) -> Pixels:  # between 0 and `most`
        return (strength * most * (u[:, column] + 1) / 2).astype(np.float32)[:, None, None]

    pixels = _blurred(pixels, np.minimum(share(8, _BLUR), np.float32(1 / 3)))
    pixels = pixels * np.maximum(1 - share(7, _FADE), 0) + noise * share(9, _NOISE)
    # Eight bits of grey, as from a scanner; this also hides a last bit in which two machines might differ.
    grey = np.rint(np.clip(pixels, 0, 1) * np.float32(255)) / np.float32(255)
    return grey.astype(np.float32, copy=False)


def _place(letter: Glyph, u: Floats, strength: float) -> Floats:
    """Return where the corners lie in m pictures, (m, V, 2) in the unit box, by arithmetic that is exact everywhere."""
    m = len(u)
    strokes = u[:, _PLAIN : _PLAIN + 2 * MAX_STROKES].reshape(m, MAX_STROKES, 2)
    corners = u[:, _PLAIN + 2 * MAX_STROKES :].reshape(m, MAX_CORNERS, 2)[:, : len(letter.points)]
    points = letter.points + strength * _STROKE_SHIFT * strokes[:, letter.stroke]
    points = points + strength * _CORNER_SHIFT * letter.loose[:, None] * corners

    half = strength * _TURN * u[:, 0, None]  # tangent of half the angle: no sine, whose last bit differs by machine
    cosine, sine = (1 - half**2) / (1 + half**2), 2 * half / (1 + half**2)
    size = np.maximum(1 - strength * _SHRINK * (u[:, 1, None] + 1) / 2, 0.1)
    x = points[:, :, 0] * (1 + strength * _ASPECT * u[:, 2, None]) + strength * _SLANT * u[:, 3, None] * points[:, :, 1]
    y = points[:, :, 1] * (1 - strength * _ASPECT * u[:, 2, None])
    placed = size[:, :, None] * np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=2)

    # The letter stays in the picture: too large a one shrinks, and a shift ends at the margin.
    low, high = placed.min(1, keepdims=True), placed.max(1, keepdims=True)
    centre, room = (low + high) / 2, 1 - 2 * (_MARGIN + _THICKNESS[0])
    fit = np.minimum(room / np.maximum((high - low).max(2, keepdims=True), 1e-9), 1)
    free = np.maximum(room - (high - low) * fit, 0) / 2
    shift = np.clip(fit * centre + strength * _SHIFT * u[:, None, 4:6], -free, free)
    inside: Floats = (placed - centre) * fit + shift + 0.5
    return inside


def _distance(points: Pixels, edges: NDArray[np.int64]) -> Pixels:
    """Return each pixel's distance to the nearest line segment: points (m, V, 2), edges (S, 2) -> (m, 400)."""
    axis = (np.arange(SIZE, dtype=np.float32) + np.float32(0.5)) / np.float32(SIZE)
    px, py = np.tile(axis, SIZE), np.repeat(axis, SIZE)
    nearest = np.full((len(points), SIZE * SIZE), 4, np.float32)
    for a, b in edges:
        ax, ay = points[:, a, 0, None], points[:, a, 1, None]
        dx, dy = points[:, b, 0, None] - ax, points[:, b, 1, None] - ay
        x, y = px - ax, py - ay
        along = np.clip((x * dx + y * dy) / np.maximum(dx * dx + dy * dy, np.float32(1e-9)), 0, 1)
        x -= along * dx
        y -= along * dy
        np.minimum(nearest, x * x + y * y, out=nearest)
    distance: Pixels = np.sqrt(nearest)
    return distance


def _blurred(pixels: Pixels, weight: Pixels) -> Pixels:
    """Mix each pixel with its neighbours, rows then columns; weight (m, 1, 1) is each neighbour's share."""
    for step in ((0, 1), (1, 0)):
        edge = np.pad(pixels, ((0, 0), (step[0],) * 2, (step[1],) * 2))
        before = edge[:, : pixels.shape[1], : pixels.shape[2]]
        after = edge[:, 2 * step[0] :, 2 * step[1] :]
        pixels = pixels * (1 - 2 * weight) + (before + after) * weight
    return pixels
