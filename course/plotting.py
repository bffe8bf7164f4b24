"""How figures look: a colour-blind-safe cycle of colours and line styles, and Korean text only where a font has it.

`style` is called once, at the top of a notebook. `label(ko, en)` then gives the Korean text if a Korean font was found
and the English one if not, so that no figure ever shows boxes in place of glyphs.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["KOREAN_FONTS", "LINE_STYLES", "PALETTE", "korean_font", "label", "style"]

KOREAN_FONTS = (
    "NanumGothic",
    "NanumBarunGothic",
    "Noto Sans CJK KR",
    "Noto Sans KR",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
    "UnDotum",
    "Baekmuk Dotum",
)
"""Family names looked for, best first."""

_FILES = ("nanumgothic.", "nanumbarungothic.", "notosanscjk-regular.", "notosanskr-regular.", "malgun.", "applegothic.")
"""Starts of the file names of those fonts, for fonts installed after matplotlib made its list."""

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours (Color Universal Design, 2008), without the yellow and the black."""

LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
"""One for each colour: lines stay apart in grey, too."""

_font: str | None = None
_searched = False


def korean_font() -> str | None:
    """Return the family name of an installed font with Hangul that this process may read, or None.

    Looks in matplotlib's list, then among the system's font files (a font may be newer than the list). The answer is
    kept until `style` is called again.
    """
    global _font, _searched
    if not _searched:
        _font, _searched = _find_font(), True
    return _font


def label(ko: str, en: str) -> str:
    """Return `ko` if figures can show Korean here, else `en`."""
    return ko if korean_font() else en


def style() -> None:
    """Set matplotlib's defaults for the notebook: font, colours with line styles, grid, size.

    May be called again at any time; looks for fonts anew.
    """
    import matplotlib as mpl
    from cycler import cycler

    global _searched
    _searched = False
    font = korean_font()
    if font:
        # Latin and mathematics from matplotlib's own font, Hangul from the second: Korean fonts often lack U+2212,
        # and mathematical text (the ticks of a logarithmic axis) takes glyphs from the first font only.
        mpl.rcParams["font.family"] = ["DejaVu Sans", font]
    mpl.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=list(PALETTE)) + cycler(linestyle=list(LINE_STYLES)),
            "axes.grid": True,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "figure.figsize": (7.0, 4.0),
            "font.size": 11.0,
            "grid.alpha": 0.3,
            "legend.frameon": False,
            "lines.linewidth": 2.0,
        }
    )


def _find_font() -> str | None:
    from matplotlib import font_manager

    def listed() -> dict[str, str]:
        return {entry.name: entry.fname for entry in font_manager.fontManager.ttflist if _readable(entry.fname)}

    known = listed()
    if not any(name in known for name in KOREAN_FONTS):
        for path in font_manager.findSystemFonts():
            if Path(path).name.lower().startswith(_FILES) and _readable(path):
                try:
                    font_manager.fontManager.addfont(path)
                except (OSError, RuntimeError):  # not a font that matplotlib can read
                    continue
        known = listed()
    return next((name for name in KOREAN_FONTS if name in known), None)


def _readable(path: str) -> bool:
    # A confined process may see a font in the list and still be denied its file; then saving a figure would fail.
    try:
        with Path(path).open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False
