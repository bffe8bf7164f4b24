"""Pictures of the figures, PNG and SVG: cost beside the peers, growth of class and notebook, throughput."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

_COLOURS = {"bare": "#7a7a7a", "ours": "#1f77b4", "nbgrader": "#e08214", "otter": "#b2182b"}
_PLAIN = FuncFormatter(lambda value, _place: f"{value:g}")
_STYLE = {"axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3, "font.size": 10}


def draw(results: dict[str, Any], folder: Path) -> Iterator[Path]:
    """Draw what the figures hold; yields each picture's path."""
    pictures: dict[str, tuple[str, Callable[[Axes, Any], None]]] = {
        "cost": ("submission", _cost),
        "class": ("class_growth", _class),
        "notebook": ("notebook_growth", _notebook),
        "throughput": ("scale", lambda axes, figures: _throughput(axes, figures, results.get("slots"))),
    }
    for name, (part, picture) in pictures.items():
        if part not in results:
            continue
        with plt.rc_context(_STYLE):
            figure, axes = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
            picture(axes, results[part])
            for suffix in ("png", "svg"):
                path = folder / f"{name}.{suffix}"
                figure.savefig(path, dpi=150)
                yield path
            plt.close(figure)


def _colour(name: str) -> str:
    return next((colour for word, colour in _COLOURS.items() if name.startswith(word)), "#333333")


def _cost(axes: Axes, figures: dict[str, Any]) -> None:
    costs = figures["costs"]
    names = sorted(costs, key=lambda name: costs[name]["cpu_seconds"], reverse=True)
    middle = [costs[name]["cpu_seconds"] for name in names]
    low = [max(m - costs[n]["cpu_range"][0], 0.0) for n, m in zip(names, middle, strict=True)]
    high = [max(costs[n]["cpu_range"][1] - m, 0.0) for n, m in zip(names, middle, strict=True)]
    axes.barh(names, middle, xerr=[low, high], color=[_colour(n) for n in names], ecolor="#222222", capsize=3)
    for place, name in enumerate(names):
        axes.text(costs[name]["cpu_range"][1] * 1.15, place, f"{costs[name]['cpu_seconds']:.3g} s", va="center")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.set_xlim(min(middle) / 3, max(middle) * 5)
    axes.set_xlabel("CPU seconds, log scale (median; whisker: least and most)")
    axes.set_title("The same notebook and tests, CPU a submission")
    axes.grid(axis="y", visible=False)


def _class(axes: Axes, figures: dict[str, Any]) -> None:
    for name, sizes in figures.items():
        x = [int(n) for n in sizes]
        y = [sizes[n]["cpu_seconds"] for n in sizes]
        axes.plot(x, y, marker="o", color=_colour(name), label=name)
        axes.annotate(f"{y[-1]:.3g} s", (x[-1], y[-1]), textcoords="offset points", xytext=(6, 6))
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_PLAIN)
        axis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("submissions in the class")
    axes.set_ylabel("CPU seconds a submission,\nstart-up included")
    axes.set_title("Cost a submission as the class grows")
    axes.margins(x=0.12, y=0.12)
    axes.legend()


def _notebook(axes: Axes, figures: dict[str, Any]) -> None:
    for name, cells in figures.items():
        x = [int(n) for n in cells]
        y = [cells[n]["cpu_seconds"] for n in cells]
        axes.plot(x, y, marker="o", color=_colour(name), label=name)
        for place in range(len(x)):
            axes.annotate(f"{y[place]:.3g} s", (x[place], y[place]), textcoords="offset points", xytext=(0, 6))
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(_PLAIN)
    axes.set_xlabel("code cells that the student added")
    axes.set_ylabel("CPU seconds a submission")
    axes.set_title("Cost a submission as the notebook grows")
    axes.margins(x=0.1, y=0.2)
    axes.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.5, -0.16), frameon=False)


def _throughput(axes: Axes, figures: dict[str, Any], slots: dict[str, Any] | None) -> None:
    for engine, colour in (("local", "#1f77b4"), ("dask", "#e08214")):
        found = {w: figures[f"{engine}, {w} workers"]["per_second"] for w in (1, 2, 4)}
        axes.plot(
            list(found),
            [v / found[1] for v in found.values()],
            marker="o",
            color=colour,
            label=f"{engine}, jobs of 20 ms",
        )
    axes.plot([1, 4], [1, 4], color="#7a7a7a", linestyle="--", label="ideal")
    if slots:
        axes.plot(
            [1, 2],
            [1, slots["speedup_of_two"]["median"]],
            marker="s",
            color="#1b7837",
            label=f"real sandboxes computing ({slots['cores']} cores)",
        )
    axes.set_xticks([1, 2, 3, 4])
    axes.set_xlabel("workers (slots)")
    axes.set_ylabel("throughput, relative to one worker")
    axes.set_title("Throughput against workers")
    axes.legend(loc="upper center", ncols=2, bbox_to_anchor=(0.5, -0.16), frameon=False)
