"""Formulas of our own texts as MathML, which browsers set without a script: what a notebook writes between dollars.

Owns a list of commands, those that the assignments use and their neighbours. Whatever else stands in a formula makes
`mathml` return None, and its reader gets the TeX as it was written. Every text that comes out is escaped; the elements
and attributes are this module's own.

Elements are those of MathML Core (W3C, 2025), which Chromium, Firefox and Safari set alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from markupsafe import Markup

__all__ = ["mathml"]

_LONGEST = 2000
_DEEPEST = 24
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)


def _pairs(text: str) -> dict[str, str]:
    """Return a table written as "name sign name sign"."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_LETTERS = _pairs("""
    alpha α beta β gamma γ delta δ epsilon ϵ zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ
    sigma σ tau τ upsilon υ phi ϕ chi χ psi ψ omega ω varepsilon ε vartheta ϑ varphi φ ell ℓ hbar ℏ
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω
    infty ∞ partial ∂ nabla ∇ top ⊤ emptyset ∅ dots … ldots … cdots ⋯ vdots ⋮
""")
_OPERATORS = _pairs("""
    times × cdot ⋅ div ÷ pm ± mp ∓ ast ∗ circ ∘ odot ⊙ otimes ⊗ oplus ⊕ setminus ∖
    le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ equiv ≡ approx ≈ sim ∼ simeq ≃ propto ∝ ll ≪ gg ≫
    in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ mid ∣ parallel ∥ perp ⊥
    to → rightarrow → leftarrow ← mapsto ↦ gets ← Rightarrow ⇒ implies ⟹ iff ⟺ Leftrightarrow ⇔
    Longrightarrow ⟹ longrightarrow ⟶ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ colon :
""")
_FENCES = _pairs("""
    lVert ‖ rVert ‖ Vert ‖ lvert | rvert | vert | langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉
    lbrace { rbrace } { { } } | ‖
""")
_LARGE = _pairs("sum ∑ prod ∏ int ∫ bigcup ⋃ bigcap ⋂")
_ACCENTS = _pairs("hat ^ bar ¯ tilde ~ vec → dot ˙ overline ‾ widehat ^")
_SPACES: Mapping[str, str] = {
    **{",": "0.17em", ":": "0.22em", ">": "0.22em", ";": "0.28em", "!": "0", " ": "0.33em"},
    **{"quad": "1em", "qquad": "2em", "~": "0.33em"},
}
_NAMES = frozenset({*("log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh"), *("det", "dim", "ker", "arg")})
_LIMITS = frozenset({"lim", "min", "max", "sup", "inf", "argmin", "argmax"})
"""Names under which a formula in a line of its own has what stands below them."""
_TEXTS = frozenset({*("text", "textrm", "textit", "textbf", "texttt"), *("mathrm", "mathtt", "operatorname")})
_SIZES = frozenset(
    {
        *("big", "bigl", "bigr", "bigm", "bigg", "biggl", "biggr", "Big", "Bigl", "Bigr"),
        *("displaystyle", "textstyle", "limits", "nolimits"),
    }
)
"""Commands that only say how large something is; the page decides."""
_MARKS = frozenset({"%", "_", "&", "#", "$"})
_ALPHABETS: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "mathbb": (0x1D538, _pairs("C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ")),
    "mathcal": (0x1D49C, _pairs("B ℬ E ℰ F ℱ H ℋ I ℐ L ℒ M ℳ R ℛ")),
    "mathbf": (0x1D400, {}),
}
"""Code point of the capital A, and the letters that Unicode had before its block of alphabets."""
_ENVIRONMENTS = {
    **{"cases": ("{", ""), "aligned": ("", ""), "matrix": ("", "")},
    **{"pmatrix": ("(", ")"), "bmatrix": ("[", "]")},
}
_NEXT_ROW, _END = "\\\\", "\\end"


class _UnknownError(Exception):
    """The formula holds what this module does not set."""


def mathml(tex: str, *, display: bool = False) -> Markup | None:
    """Return a formula as a ``math`` element, None where it holds a command that is not known here.

    Args:
        tex: what stands between the dollars.
        display: it stands in a line of its own.

    Example:
        >>> str(mathml(r"\\sqrt{v}"))
        '<math><mrow><msqrt><mrow><mi>v</mi></mrow></msqrt></mrow></math>'
    """
    if len(tex) > _LONGEST:
        return None
    parser = _Parser(tex, display)
    try:
        row = parser.row(())
    except _UnknownError:
        return None
    shown = ' display="block"' if display else ""
    return Markup(f"<math{shown}>{row}</math>")  # noqa: S704 - elements are our own, every text in them is escaped


class _Parser:
    """Reads tokens from the left; each method returns MathML and leaves the place behind what it has read."""

    def __init__(self, tex: str, display: bool) -> None:
        self._tokens = _TOKEN.findall(tex)
        self._display = display
        self._at = 0
        self._depth = 0

    def row(self, ends: tuple[str, ...]) -> str:
        """Return everything up to one of these tokens, which is not taken, or up to the end without any."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnknownError
        parts = []
        while (part := self._peek()) not in ends:
            if not part:
                if ends:
                    raise _UnknownError
                break
            parts.append(self._scripted())
        self._depth -= 1
        return f"<mrow>{''.join(parts)}</mrow>"

    def _peek(self) -> str:
        """Return the next part that is not space, "" at the end."""
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        part = self._peek()
        if not part:
            raise _UnknownError
        self._at += 1
        return part

    def _scripted(self) -> str:
        """Return an atom with what stands below and above it."""
        large = self._peek().removeprefix("\\") in (*_LARGE, *_LIMITS) and self._peek().startswith("\\")
        braced = self._peek() in ("\\underbrace", "\\overbrace")
        base = self._atom()
        below = above = ""
        while (mark := self._peek()) in ("_", "^", "'"):
            self._at += 1
            if mark == "_" and not below:
                below = self._argument()
            elif mark == "^" and not above:
                above = self._argument()
            elif mark == "'":
                above += "<mo>′</mo>"
            else:
                raise _UnknownError
        above = f"<mrow>{above}</mrow>" if above.count("′") > 1 else above
        under = braced or (large and self._display)
        names = ("munder", "mover", "munderover") if under else ("msub", "msup", "msubsup")
        if below and above:
            return f"<{names[2]}>{base}{below}{above}</{names[2]}>"
        if below:
            return f"<{names[0]}>{base}{below}</{names[0]}>"
        return f"<{names[1]}>{base}{above}</{names[1]}>" if above else base

    def _atom(self) -> str:
        part = self._take()
        if part.startswith("\\"):
            return self._command(part[1:])
        if part == "{":
            inside = self.row(("}",))
            self._take()
            return inside
        if part in ("}", "_", "^", "&", "#", "%"):
            raise _UnknownError
        if part == "~":
            return f'<mspace width="{_SPACES["~"]}"></mspace>'
        if part[0].isdigit():
            return f"<mn>{escape(part)}</mn>"
        if part.isalpha():
            return f"<mi>{escape(part)}</mi>"
        if part == "|":
            return '<mo stretchy="false" lspace="0" rspace="0">|</mo>'
        if part in "()[]":
            return f'<mo stretchy="false">{part}</mo>'
        return f"<mo>{escape({'-': '−', '*': '∗'}.get(part, part))}</mo>"

    def _argument(self) -> str:
        """Return an atom as a command or a script takes one: of a number without braces only the first digit."""
        part = self._peek()
        if part[:1].isdigit() and len(part) > 1:
            self._tokens[self._at : self._at + 1] = [part[0], part[1:]]
        return self._atom()

    def _command(self, name: str) -> str:
        if name in _LETTERS:
            return f"<mi>{_LETTERS[name]}</mi>"
        if name in _OPERATORS:
            return f"<mo>{_OPERATORS[name]}</mo>"
        if name in _FENCES:
            return f'<mo stretchy="false">{_FENCES[name]}</mo>'
        if name in _LARGE:
            return f"<mo>{_LARGE[name]}</mo>"
        if name in _NAMES or name in _LIMITS:
            return f'<mo lspace="0.17em" rspace="0.17em">{name}</mo>'
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"></mspace>'
        if name in _MARKS:
            return f"<mo>{escape(name)}</mo>"
        if name in _SIZES:
            return "<mrow></mrow>" if not self._peek() else self._atom()
        if name in _TEXTS:
            return self._text(name)
        if name in _ALPHABETS:
            return self._alphabet(name)
        return self._built(name)

    def _built(self, name: str) -> str:
        """Return what a command makes of its arguments."""
        if name in ("frac", "tfrac", "dfrac"):
            return f"<mfrac>{self._argument()}{self._argument()}</mfrac>"
        if name == "sqrt":
            if self._peek() != "[":
                return f"<msqrt>{self._argument()}</msqrt>"
            self._take()
            degree = self.row(("]",))
            self._take()
            return f"<mroot>{self._argument()}{degree}</mroot>"
        if name in _ACCENTS:
            return (
                f'<mover accent="true">{self._argument()}<mo stretchy="{_stretchy(name)}">{_ACCENTS[name]}</mo></mover>'
            )
        if name == "underbrace":
            return f"<munder>{self._argument()}<mo>⏟</mo></munder>"
        if name == "overbrace":
            return f"<mover>{self._argument()}<mo>⏞</mo></mover>"
        if name == "left":
            opening = self._fence()
            inside = self.row(("\\right",))
            self._take()
            return f"<mrow>{opening}{inside}{self._fence()}</mrow>"
        if name == "begin":
            return self._environment()
        raise _UnknownError

    def _fence(self) -> str:
        part = self._take()
        shown = _FENCES.get(part[1:], "") if part.startswith("\\") else part
        if not shown or (not part.startswith("\\") and part not in "()[]|./"):
            raise _UnknownError
        return "" if part == "." else f"<mo>{escape(shown)}</mo>"

    def _text(self, name: str) -> str:
        """Return a group that is text: with its spaces, which formulas have none of."""
        text = self._group()
        if name == "operatorname":
            return f'<mo lspace="0.17em" rspace="0.17em">{escape(text)}</mo>'
        return f"<mtext>{escape(text).replace(' ', '&nbsp;')}</mtext>"

    def _group(self) -> str:
        """Return the text of the group that begins here."""
        if self._take() != "{":
            raise _UnknownError
        parts = []
        while self._at < len(self._tokens) and (part := self._tokens[self._at]) != "}":
            if part in ("{", "$") or (part.startswith("\\") and part[1:] not in (*_MARKS, " ", ",")):
                raise _UnknownError
            parts.append(" " if part.isspace() or part in ("\\ ", "\\,") else part.removeprefix("\\"))
            self._at += 1
        self._take()
        return "".join(parts)

    def _alphabet(self, name: str) -> str:
        text = self._group() if self._peek() == "{" else self._take()
        capital, known = _ALPHABETS[name]
        if name == "mathbf" and text.isascii() and text.isdigit():
            return f"<mn>{''.join(chr(0x1D7CE + int(c)) for c in text)}</mn>"
        if not re.fullmatch("[A-Za-z]+" if name == "mathbf" else "[A-Z]+", text):
            raise _UnknownError
        letters = [known.get(c) or chr(capital + ord(c) - (65 if c.isupper() else 71)) for c in text]
        return f"<mi>{''.join(letters)}</mi>"

    def _environment(self) -> str:
        name = self._group()
        if name not in _ENVIRONMENTS:
            raise _UnknownError
        rows, cells = [], []
        while True:
            inside = self.row(("&", _NEXT_ROW, _END))
            cells.append(f"<mtd>{inside}</mtd>")
            part = self._take()
            if part == "&":
                continue
            rows.append(f"<mtr>{''.join(cells)}</mtr>")
            cells = []
            if part == _END:
                break
        if self._group() != name:
            raise _UnknownError
        opening, closing = (f"<mo>{mark}</mo>" if mark else "" for mark in _ENVIRONMENTS[name])
        return f'<mrow>{opening}<mtable class="{name}">{"".join(rows)}</mtable>{closing}</mrow>'


def _stretchy(name: str) -> str:
    return "true" if name in ("overline", "widehat") else "false"
