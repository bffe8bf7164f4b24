"""Owns leaving out of a notebook's bytes what never counts: stored outputs and widget state.

They are a hundred times what a student wrote, and are dropped after reading anyway; left out before, they cost neither
the size limit nor memory. The bytes are walked along the few paths where such a value can stand and every other value
is stepped over whole, by patterns that take possessively, so that time is linear and nothing recurses. Strings are
read as strings, so text that looks like a key is none.

Refuses nothing but endless structure: at the first thing that is not JSON, the rest is returned as it is, for the
parser to name. UTF-8 and CP949 are walked as bytes, since in both a byte of a longer character is never a quote, a
backslash or a bracket.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator

__all__ = ["TooComplex", "without_outputs"]

_MOST_STEPS = 500_000
"""Values and brackets looked at one by one, half a second; lists and objects without inner ones go by uncounted."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_FLAT = rb'(?:[^\[\]{}"]++|' + _STRING + rb")*+"
_TEXT = re.compile(_STRING, re.DOTALL)
_RUN = re.compile(rb'(?:[^\[\]{}"]++|' + _STRING + rb"|\[" + _FLAT + rb"\]|\{" + _FLAT + rb"\})*+", re.DOTALL)
"""Everything up to the next bracket that holds or closes something nested."""
_SCALAR = re.compile(rb'[^\[\]{}",:\s]*+')
_SPACE = re.compile(rb"[ \t\r\n]*+")

_ANY = b"*"
_LEFT_OUT = {
    (b"cells", _ANY, b"outputs"): b"[]",
    (b"worksheets", _ANY, b"cells", _ANY, b"outputs"): b"[]",
    (b"metadata", b"widgets"): b"{}",
}
"""What is put in place of the value at each path; formats 1 and 2 have cells in worksheets or at the top, as 3 has."""
_WALKED = {path[:length] for path in _LEFT_OUT for length in range(len(path))}
_CHUNK = 2**20


class TooComplex(Exception):  # noqa: N818  (what it says of a file)
    """The file holds more nested values than any notebook."""


class _NotJson(Exception):  # noqa: N818
    """Here stands something that JSON does not have."""


def without_outputs(data: bytes, encoding: str) -> bytes:
    """Return a notebook's bytes, in the same encoding, without stored outputs and widget state.

    Args:
        data: the file.
        encoding: as `json.detect_encoding` names it.

    Raises:
        TooComplex: it holds more nested values than are looked at.
        UnicodeDecodeError: it is UTF-16 or UTF-32 by its first bytes, and is not.
    """
    wide = encoding.startswith(("utf-16", "utf-32"))
    plain = b"".join(_as_utf8(data, encoding)) if wide else data
    walk = _Walk(plain)
    with contextlib.suppress(_NotJson):
        walk.value((), walk.space(3 if plain.startswith(codecs.BOM_UTF8) else 0))
    if not walk.cuts:
        return data
    kept = walk.kept()
    return kept.decode("utf-8", "surrogatepass").encode(encoding, "surrogatepass") if wide else kept


def _as_utf8(data: bytes, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for at in range(0, len(data), _CHUNK):
        piece = decoder.decode(data[at : at + _CHUNK], final=at + _CHUNK >= len(data))
        yield piece.encode("utf-8", "surrogatepass")


class _Walk:
    """One walk over the bytes of a notebook; `cuts` are the values to leave out: start, end, replacement."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.cuts: list[tuple[int, int, bytes]] = []
        self._steps = 0

    def kept(self) -> bytes:
        """Return the bytes with every cut value replaced."""
        pieces, at = [], 0
        for start, end, instead in self.cuts:
            pieces += [self.data[at:start], instead]
            at = end
        return b"".join([*pieces, self.data[at:]])

    def space(self, at: int) -> int:
        """Return where the next token starts."""
        found = _SPACE.match(self.data, at)
        assert found is not None
        return found.end()

    def value(self, path: tuple[bytes, ...], at: int) -> int:
        """Walk the value that starts here; return where it ends."""
        self._step()
        first = self.data[at : at + 1]
        if path in _LEFT_OUT:
            end = self._over(at)
            whole = end < len(self.data)
            self.cuts.append((at, end, _LEFT_OUT[path] if whole else b""))
            return end
        if path not in _WALKED or first not in (b"{", b"["):
            return self._over(at)
        return self._object(path, at + 1) if first == b"{" else self._list(path, at + 1)

    def _object(self, path: tuple[bytes, ...], at: int) -> int:
        at = self.space(at)
        if self.data[at : at + 1] == b"}":
            return at + 1
        while True:
            key = _TEXT.match(self.data, at)
            if key is None:
                raise _NotJson
            at = self._mark(b":", self.space(key.end()))
            at = self.space(self.value((*path, key[0][1:-1]), self.space(at)))
            if self.data[at : at + 1] == b"}":
                return at + 1
            at = self.space(self._mark(b",", at))

    def _list(self, path: tuple[bytes, ...], at: int) -> int:
        at = self.space(at)
        if self.data[at : at + 1] == b"]":
            return at + 1
        while True:
            at = self.space(self.value((*path, _ANY), at))
            if self.data[at : at + 1] == b"]":
                return at + 1
            at = self.space(self._mark(b",", at))

    def _mark(self, mark: bytes, at: int) -> int:
        if self.data[at : at + 1] != mark:
            raise _NotJson
        return at + 1

    def _over(self, at: int) -> int:
        """Return where the value that starts here ends, at the end of the data if it does not."""
        first = self.data[at : at + 1]
        if first == b'"':
            text = _TEXT.match(self.data, at)
            assert text is not None
            return text.end()
        if first not in (b"{", b"["):
            scalar = _SCALAR.match(self.data, at)
            if scalar is None or scalar.end() == at:
                raise _NotJson
            return scalar.end()
        depth, at = 1, at + 1
        while depth:
            self._step()
            run = _RUN.match(self.data, at)
            assert run is not None
            at = run.end()
            if at >= len(self.data):
                return at
            depth += 1 if self.data[at : at + 1] in (b"{", b"[") else -1
            at += 1
        return at

    def _step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise TooComplex
