"""Owns when two names are the same name, and when two names only look the same.

The same: equal after NFC and case folding, without spaces and without default-ignorable characters, which nobody sees.
Alike: equal after UTS 39's skeleton (https://www.unicode.org/reports/tr39/#Confusable_Detection), with a table of our
own for the scripts that appear beside Korean names. Likeness is a reason to look, never a reason to match.
"""

from __future__ import annotations

import unicodedata

from autograder.intake.names import visible

__all__ = ["same_name", "skeleton"]

# Single letters and digits from https://www.unicode.org/Public/security/15.1.0/confusables.txt whose prototype is
# written in ASCII: Latin, Greek, Cyrillic and Armenian ones. What differs by compatibility only (full-width letters,
# Hangul Jamo of the three blocks) is equal after NFKC and needs no row.
_ALIKE = {
    "01I|": "Olll",
    "ıɑɡɣɩɪʋʏſƄƖƧƷƼƽǀȜȢȣ": "iagyiiuyfbl235sl388",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγινορσυϒϱϲϳϹϺͿ": "ABEZHlKMNOPTYXayivopouYpcjCMJ",
    "ЅІЈАВЕЗКМНОРСТУХЬабгеорсухѕіјѡѴѵҮүһҽӀӏӠԁԌԛԜԝ": "SlJABE3KMHOPCTYXba6reopcyxsijwVvYyheli3dGqWw",
    "ՍՏՕազհոռսցքօ": "USOwqhnnugfo",
    "\u1175丨\u1173一": "丨丨ーー",
}
_SINGLE = {ord(a): b for many, like in _ALIKE.items() for a, b in zip(many, like, strict=True)}
_TABLE: dict[int, str] = {
    **_SINGLE,
    **{ord(a): b for a, b in (("m", "rn"), ("æ", "ae"), ("œ", "oe"), ("Ы", "bl"), ("Ю", "lO"), ("ӕ", "ae"))},
}


def same_name(name: str) -> str:
    """Return what equals another's exactly if the two are one name.

    >>> same_name("홍 길동") == same_name("홍길동")
    True
    """
    return unicodedata.normalize("NFC", "".join(visible(name).split()).casefold())


def skeleton(name: str) -> str:
    """Return what equals another's exactly if the two look alike; not for display.

    >>> skeleton("kim") == skeleton("kіm")  # the second has a Cyrillic letter
    True
    """
    letters = visible(unicodedata.normalize("NFKC", visible(name)))
    # Finals stay other letters than initials, against UTS 39: else 각가 and 가까 would look alike.
    return "".join(unicodedata.normalize("NFD", letters).translate(_TABLE).split()).casefold()
