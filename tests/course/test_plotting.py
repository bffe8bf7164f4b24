from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from course import plotting


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mpl.rc_context():
        monkeypatch.setattr(plotting, "_searched", False)
        yield


def without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    latin = [entry for entry in font_manager.fontManager.ttflist if entry.name not in plotting.KOREAN_FONTS]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *args, **kwargs: [])


def test_labels_are_english_without_a_korean_font(monkeypatch: pytest.MonkeyPatch) -> None:
    without_fonts(monkeypatch)
    plotting.style()
    assert plotting.korean_font() is None
    assert plotting.label("층", "layer") == "layer"


def test_a_listed_font_that_cannot_be_read_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_fonts(monkeypatch)
    gone = font_manager.FontEntry(fname=str(tmp_path / "gone.ttf"), name="NanumGothic")
    font_manager.fontManager.ttflist.append(gone)
    assert plotting.label("층", "layer") == "layer"


def test_labels_are_korean_with_a_korean_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_fonts(monkeypatch)
    file = tmp_path / "korean.ttf"
    file.write_bytes(b"\0")
    font_manager.fontManager.ttflist.append(font_manager.FontEntry(fname=str(file), name="Malgun Gothic"))
    assert plotting.korean_font() == "Malgun Gothic"
    assert plotting.label("층", "layer") == "층"


def test_no_glyph_is_missing_from_a_figure() -> None:
    plotting.style()
    figure = Figure()
    axes = figure.subplots()
    axes.semilogy([-1, 1], [1e-12, 1e-3])
    axes.set(title=plotting.label("기울기 소실 − ‖δ‖ φ'(z) √2", "vanishing − ‖δ‖ φ'(z) √2"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png")


def test_every_colour_has_its_own_line_style() -> None:
    plotting.style()
    cycle = list(mpl.rcParams["axes.prop_cycle"])
    assert len(cycle) == len({entry["color"] for entry in cycle}) == len({str(entry["linestyle"]) for entry in cycle})
