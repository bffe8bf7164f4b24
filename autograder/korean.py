"""Owns which Korean particle follows a word that is filled into a sentence: 'q4'가, Adam을, ReLU를, `forward`를.

A particle has two forms, and the last sound that is *read* decides: whether it ends in a consonant. Hangul says so
itself; digits are read as numbers; a word in Latin letters is read as Koreans write it in Hangul, or letter by letter.
Quotes, backticks, brackets, markdown signs and punctuation are not read. Where nobody can know, both forms are written:
이(가). This module knows no sentence of its own and imports nothing of ours.

In a template, the field says it twice, once with the particle's two forms::

    >>> fill("고칠 수 없는 셀 '{label}'{label:이/가} 바뀌어 있습니다.", label="q4")
    "고칠 수 없는 셀 'q4'가 바뀌어 있습니다."
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

__all__ = ["PAIRS", "fill", "particle", "with_particle"]

PAIRS: Mapping[str, str] = {
    "이/가": "이(가)",
    "은/는": "은(는)",
    "을/를": "을(를)",
    "과/와": "과(와)",
    "으로/로": "(으)로",
    "이나/나": "(이)나",
    "이라/라": "(이)라",
    "이라는/라는": "(이)라는",
    "이며/며": "(이)며",
    "이고/고": "(이)고",
}
"""Each pair, the form behind a consonant first, and what is written where the word's last sound is unknown."""


class _Final(Enum):
    """How a word's last syllable ends."""

    NONE = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"


def particle(word: str, pair: str) -> str:
    """Return the particle of this pair that follows the word.

    Args:
        word: as it stands in the sentence, with or without quotes and signs around it.
        pair: a key of `PAIRS`, or one with its forms swapped (``"가/이"``).

    Raises:
        ValueError: there is no such pair.

    Example:
        >>> particle("q4", "이/가"), particle("`decay_factor`", "을/를"), particle("SGD", "으로/로")
        ('가', '를', '로')
    """
    pair = pair if pair in PAIRS else "/".join(reversed(pair.split("/")))
    if pair not in PAIRS:
        raise ValueError(f"no pair of particles: {pair!r}")
    closed, open_ = pair.split("/")
    final = _final(word[-200:])
    if final is None:
        return PAIRS[pair]
    vowel = final is _Final.NONE or (final is _Final.RIEUL and closed == "으로")
    return open_ if vowel else closed


def with_particle(word: str, pair: str) -> str:
    """Return the word with the particle behind it: ``with_particle("ReLU", "을/를")`` is ``"ReLU를"``."""
    return f"{word}{particle(word, pair)}"


def fill(template: str, *values: object, **fields: object) -> str:
    """Return `template.format(...)`, where ``{name:이/가}`` is the particle that follows the field's value.

    Raises:
        KeyError, IndexError: a field that was not given.
        ValueError: a format that is neither a pair of `PAIRS` nor one of the value's own.
    """
    return _FORMATTER.format(template, *values, **fields)


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a particle for a format with a slash, which no other format here has."""
        return (
            particle(str(value), format_spec) if "/" in format_spec else str(super().format_field(value, format_spec))
        )


_FORMATTER = _Formatter()

# -- what is read

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)*\Z")
_LATIN = re.compile(r"[A-Za-z]+\Z")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""The words in a name such as DataLoader, AdamW, TypeError."""
_ROUND = re.compile(r"(?<=\w)(?:[`'\"]*)\([^()]*\)\Z")
"""Brackets behind a word: f(x), 학번(2025). The word before them decides, as the National Institute of Korean Language
has it."""
_READ_SIGNS = "%+°"
"""퍼센트, 플러스, 도: none ends in a consonant."""


@lru_cache(maxsize=1024)
def _final(word: str) -> _Final | None:
    """Return how the word's last sound ends, or None if nobody can know."""
    text = unicodedata.normalize("NFKC", word)
    while text and not (text[-1].isalnum() or text[-1] in _READ_SIGNS):
        shorter = _ROUND.sub("", text)
        text = shorter if shorter != text else text[:-1]
    if not text:
        return None
    last = text[-1]
    if last in _READ_SIGNS or last in "αβγδζηθικλμνξπρστυφχψω":
        return _Final.CONSONANT if last == "υ" else _Final.NONE
    if last in "εο":
        return _Final.CONSONANT
    if "가" <= last <= "힣":
        return {0: _Final.NONE, 8: _Final.RIEUL}.get((ord(last) - ord("가")) % 28, _Final.CONSONANT)
    if "\u1100" <= last <= "\u1112":  # a letter alone, read by its name: 기역, 리을, 이응
        return _Final.RIEUL if last == "\u1105" else _Final.CONSONANT
    if "\u1161" <= last <= "\u1175":
        return _Final.NONE
    if number := _NUMBER.search(text):
        return _number(number[0])
    if latin := _LATIN.search(text):
        return _latin(latin[0], after_digit=text[: latin.start()].rstrip()[-1:].isdigit())
    return None


_DIGITS = {"0": _Final.CONSONANT, "3": _Final.CONSONANT, "6": _Final.CONSONANT}  # 영, 삼, 육
_DIGITS |= dict.fromkeys("178", _Final.RIEUL)  # 일, 칠, 팔
_DIGITS |= dict.fromkeys("2459", _Final.NONE)  # 이, 사, 오, 구


def _number(digits: str) -> _Final:
    """Return how a number ends as it is read: 십, 백, 천, 만, 억 and 경 end in a consonant, 조 does not."""
    digits = digits.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    by_digit = "." in digits or digits.startswith("0") or zeros == 0
    if not by_digit and 12 <= zeros < 16:
        return _Final.NONE
    return _DIGITS[digits[-1]]


# -- Latin letters

_LETTERS = dict.fromkeys("abcdefghijkopqstuvwxyz", _Final.NONE)
_LETTERS |= dict.fromkeys("lr", _Final.RIEUL)  # 엘, 알
_LETTERS |= dict.fromkeys("mn", _Final.CONSONANT)  # 엠, 엔

_UNITS = frozenset({"b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "s", "ms", "us", "ns", "m", "hz", "w"})
"""Behind a number: 메가바이트, 초, 미터; none ends in a consonant."""

_OPEN = frozenset(["bit", "check", "exit", "kit"])  # 비트, 체크
_CLOSED = frozenset(["epoch", "group", "heap", "circuit", "zip", "good"])  # 에폭, 그룹, 힙
"""Words whose reading does not follow from their letters, in lower case, looked for as the last word of a name."""


def _latin(name: str, *, after_digit: bool) -> _Final:
    """Return how a run of Latin letters is read: as a unit, letter by letter, or as an English word."""
    if after_digit and name.lower() in _UNITS:
        return _Final.NONE
    part = _PARTS.findall(name)[-1]
    lower = part.lower()
    if lower in _OPEN or lower in _CLOSED:
        return _Final.NONE if lower in _OPEN else _Final.CONSONANT
    spelled = len(part) == 1 or (part.isupper() and len(part) < 5) or not re.search("[aeiouy]", lower)
    return _LETTERS[lower[-1]] if spelled else _english(lower)


_ENGLISH: tuple[tuple[str, _Final], ...] = (
    # a silent e is not read: what stands before it decides, and only l, m and n close a syllable behind a long vowel
    (r".le", _Final.RIEUL),  # 파일, 모듈, 테이블
    (r"[aeiouy](?:m|n)e", _Final.CONSONANT),  # 네임, 라인
    (r".*[aeiouyw]", _Final.NONE),  # 베타, 스코어, 배치 사이즈, 뷰
    # sonorants always close: 모델, 애덤, 토큰, 트레이닝
    (r"l|ll|rl", _Final.RIEUL),
    (r"m|n|ng|mb|lm|mn|gn", _Final.CONSONANT),
    # p, t, k close a syllable behind a short vowel only (스텝, 넷, 스태틱, 노트북); behind a long one, a diphthong or a
    # consonant they take a syllable 으 of their own (루프, 웨이트, 리스트, 태스크): rules 1.1 to 1.3 of 외래어 표기법
    (r"[aeiou]{2}[ptkc]", _Final.NONE),
    (r"(?:^|[^aeiou])[aeiouy](?:p|t|k|c|ck|tt|pp)", _Final.CONSONANT),
)
_EXCEPTED = re.compile(r"(?:book|look|hook|eep|out|lab|web|tab|job|lib|prob)\Z")
"""Short all the same, or written so by everybody: 노트북, 슬립, 드롭아웃, 코랩, 웹."""


def _english(word: str) -> _Final:
    """Return how an English word ends once it is written in Hangul; b, d, g, r, s, f, x, h take a vowel: 레이어."""
    if _EXCEPTED.search(word):
        return _Final.CONSONANT
    for ending, final in _ENGLISH:
        if re.search(rf"(?:{ending})\Z", word):
            return final
    return _Final.NONE
